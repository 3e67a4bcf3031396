"""The user who is ready for the login lab: always there, and able to do nothing."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.migrations.state import ProjectState

from lessons import demo_user


def ada():
    return User.objects.get(username="ada")


@pytest.mark.django_db
def test_she_is_there_with_the_password_that_the_lab_tells():
    assert ada().is_active
    assert ada().check_password("lovelace")


@pytest.mark.django_db
def test_she_may_do_nothing():
    assert (ada().is_staff, ada().is_superuser) == (False, False)
    assert ada().get_all_permissions() == set()
    assert not ada().groups.exists()
    assert ada().email == ""


@pytest.mark.django_db
def test_a_second_time_changes_nothing():
    before = list(User.objects.values())
    demo_user.make(using="default")
    assert list(User.objects.values()) == before


@pytest.mark.django_db
def test_her_password_is_hashed_once():
    before = ada().password
    ada().delete()
    demo_user.make(using="default")
    assert ada().password == before


@pytest.mark.django_db
def test_somebody_of_that_name_is_left_alone():
    ada().delete()
    theirs = User.objects.create_superuser("ada", "ada@example.org", "a password of her own")
    demo_user.make(using="default")
    assert User.objects.get() == theirs
    assert ada().password == theirs.password
    assert ada().is_superuser


@pytest.mark.django_db
def test_half_way_through_the_migrations_there_is_nobody_to_make():
    ada().delete()
    demo_user.make(using="default", apps=ProjectState().apps)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "command", [["migrate"], ["flush", "--no-input"]], ids=["an older database is migrated", "the tables are emptied"]
)
def test_she_is_there_when(command):
    ada().delete()
    call_command(*command, verbosity=0)
    assert ada().check_password("lovelace")

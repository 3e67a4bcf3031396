from django.db import migrations


class Migration(migrations.Migration):
    """Changes no table. An older db.sqlite3 lacks it, so `start.py` runs `migrate`, and that makes the demo user.

    The user is made after every `migrate`, by lessons/demo_user.py, which says why.
    """

    dependencies = [
        ("lessons", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = []

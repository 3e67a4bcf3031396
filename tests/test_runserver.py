"""Our runserver answers small responses at once."""

import socket

from django.core.management import get_commands, load_command_class
from django.core.servers.basehttp import WSGIServer

from lessons.management.commands.runserver import Command, PromptServer


def test_runserver_is_ours():
    command = load_command_class(get_commands()["runserver"], "runserver")
    assert isinstance(command, Command)
    assert command.server_cls is PromptServer


def test_a_class_may_open_the_page_together():
    assert PromptServer.request_queue_size > WSGIServer.request_queue_size


def test_a_connection_waits_for_no_second_packet():
    server = PromptServer(("127.0.0.1", 0), None)
    with socket.create_connection(server.server_address):
        connection, _ = server.get_request()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    server.server_close()

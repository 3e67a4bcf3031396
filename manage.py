#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys


def main():
    """Run administrative tasks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sessiondemo.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise ImportError(
            "Django is not installed for this Python. `python start.py` installs it for you, "
            "or activate the virtual environment you installed requirements.txt into."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

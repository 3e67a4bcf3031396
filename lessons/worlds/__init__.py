"""Where a flight flies. *Here* is the running server, with its own settings, clock and database."""

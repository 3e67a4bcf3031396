"""Watching stock Django answer one request. Imports Django and the standard library only."""

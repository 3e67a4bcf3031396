"""The parts of `bench/inspector.py`: what it fills, what it asks in a process, and what over HTTP."""

"""A process with a database of its own that answers questions, a line of JSON each."""

import json
import subprocess
import sys


class Worker:
    """Runs Python with these arguments, in this environment."""

    def __init__(self, arguments: list[str], environment: dict[str, str]):
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, question):
        """Return the answer. Raises SystemExit where the process has stopped; its error stands on the terminal."""
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("A worker stopped; its error stands above.")
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(60)

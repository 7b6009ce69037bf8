"""A child process whose output goes to a file and which never outlives its test."""

import os
import pathlib
import signal
import subprocess

from .wait import until


class Process:
    def __init__(self, command, log_path, env=None):
        self.command = [str(word) for word in command]
        self.log_path = log_path
        self.env = {**os.environ, **(env or {})}
        self.child = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)

    def signal(self, number):
        self.child.send_signal(number)

    def wait(self, timeout):
        return self.child.wait(timeout)

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    def pause(self):
        """On a busy machine a thread may go on for a moment: waits until all of them have stopped."""
        self.signal(signal.SIGSTOP)
        tasks = pathlib.Path(f"/proc/{self.child.pid}/task")
        until(lambda: all(task.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "T" for task in tasks.iterdir()))

    def resume(self):
        self.signal(signal.SIGCONT)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

"""A disk of a few kilobytes that nobody else sees: it goes with the process that holds it, also when that is killed."""

import os
import shutil
import subprocess
from pathlib import Path

ENTER = ["--map-root-user"] if os.geteuid() else []
FOLLOW = ["--user", "--preserve-credentials"] if os.geteuid() else []


class SmallDisk:
    """A tmpfs in a mount namespace of its own; commands that are to see it are run through `command`."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        mount = 'mount -t tmpfs -o size=64m unionnews "$0" && echo ready && exec cat'
        self.holder = subprocess.Popen(["unshare", *ENTER, "--mount", "sh", "-c", mount, folder], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.is_there = self.holder.stdout.readline() == "ready\n"

    def command(self, words, cwd="/"):
        """Return the command that runs another one where the disk is."""
        enter = ["nsenter", "--target", str(self.holder.pid), "--mount", *FOLLOW]
        return [*enter, "sh", "-c", 'cd "$0" && exec "$@"', str(cwd), *map(str, words)]

    def remount(self, *options):
        """Give the disk another size, or close it for writing."""
        words = ["mount", "-o", f"remount,{','.join(options)}", self.folder]
        subprocess.run(self.command(words), check=True, capture_output=True)

    def copy(self, target):
        """Copy what is on the disk to where everybody sees it."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(f"/proc/{self.holder.pid}/root") / self.folder.relative_to("/"), target)

    def close(self):
        """Let go of the disk."""
        self.holder.stdin.close()
        self.holder.wait(10)

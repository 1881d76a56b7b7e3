"""Become a child that cannot outlive its parent, then become the program.

Run as ``python -I -S confine.py [options] -- program arguments``. Asks the
kernel for a signal when the parent dies, may give up root, and replaces itself
with the program. Both settings are lost when made before the credentials
change, hence one small program that does them in the right order.

Refuses to run as a child of anybody but the parent that was named: it could
have died in the meantime.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_OPEN_NUMBER = 9
# How the program names the folder of --open-folder.
OPEN_FOLDER = f"/proc/self/fd/{_OPEN_NUMBER}"


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask Linux to send this process ``number`` when its parent ends; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def map_user(uid: int, gid: int) -> None:
    """Enter a user namespace in which the caller is ``uid``; files stay the caller's own."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    for name, text in (
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("setgroups", "deny"),
        ("gid_map", f"{gid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 - keeps this start short
            file.write(text)


def drop_user(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(arguments: list[str]) -> None:
    """Do what the options say and exec the program; exits with 1 as somebody else's child."""
    parser = argparse.ArgumentParser(prog="confine")
    parser.add_argument("--parent", type=int)
    parser.add_argument("--death-signal", type=int, default=int(signal.SIGKILL))
    parser.add_argument("--map-user", metavar="UID:GID")
    parser.add_argument("--drop-user", metavar="UID:GID")
    parser.add_argument("--folder", help="stand in this folder")
    parser.add_argument("--open-folder", help="hold this folder open under OPEN_FOLDER")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args(arguments)
    if options.folder:
        os.chdir(options.folder)
    if options.open_folder:
        # Opened while still root: the new user need not be able to walk there.
        os.dup2(os.open(options.open_folder, os.O_RDONLY | os.O_DIRECTORY), _OPEN_NUMBER)
        os.chdir("/")
    for change, pair in ((map_user, options.map_user), (drop_user, options.drop_user)):
        if pair:
            uid, _, gid = pair.partition(":")
            change(int(uid), int(gid))
    if options.parent is not None:
        die_with_parent(options.death_signal)
        if os.getppid() != options.parent:
            sys.exit(1)
    os.execv(options.program[0], options.program)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as problem:
        sys.exit(f"confine: {problem}")

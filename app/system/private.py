"""Files that only their owner may read: they hold customers' numbers, password hashes, keys and secrets."""

import os
import stat
from pathlib import Path
from typing import Final

FILE: Final = 0o600
FOLDER: Final = 0o700
UMASK: Final = 0o077


def keep_new_files_private() -> None:
    """Make all files private that this process, and the programs it starts, create from now on."""
    os.umask(UMASK)


def make_private(path: Path) -> None:
    """Remove other users' permissions from a file, or from a folder and everything in it.

    A missing path and files of another user are left alone. Links are not followed.
    """
    _restrict(path)
    if path.is_dir() and not path.is_symlink():
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                _restrict(Path(folder, name))


def make_database_private(path: Path) -> None:
    """`make_private` for an SQLite file and the files that SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        make_private(path.with_name(path.name + ending))


def readable_by_others(path: Path) -> bool:
    """Whether every user of this machine may read a file or list a folder, the folders above it included.

    False for a missing path.
    """
    try:
        modes = [one.stat().st_mode for one in (path.resolve(), *path.resolve().parents)]
    except OSError:
        return False
    wanted = stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(modes[0]) else 0)
    return modes[0] & wanted == wanted and all(mode & stat.S_IXOTH for mode in modes[1:])


def _restrict(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid():
        return
    wanted = FOLDER if stat.S_ISDIR(found.st_mode) else FILE
    if stat.S_IMODE(found.st_mode) != wanted:
        path.chmod(wanted)

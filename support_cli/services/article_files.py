"""The Markdown files that an admin names, and those in folders. Links are not followed.

A link in a folder that somebody else made leads wherever they like, to a private key too, and what
is an article the agent quotes to customers. Files are opened within the folder that was looked
through, so one that is replaced by a link meanwhile is not followed either.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from support_cli.errors import UsageError

ARTICLE_LIMIT = 256 * 1024  # bytes of one article
_SUFFIX = ".md"
# Never from a pipe, which may not end.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
Skip = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file and what is in it; of one that is too long, enough to tell."""

    path: Path
    raw: bytes


def read_files(path: Path, skip: Skip) -> Iterator[ArticleFile]:
    """Read a file, or the Markdown files of a folder and of those in it.

    Args:
        path: the file or folder.
        skip: is told of each link, pipe or device that a folder has in an article's place.

    Raises:
        UsageError: it is a link, or cannot be read, or there is no Markdown in it.
    """
    if path.is_symlink():
        raise UsageError(f"{path} is a link.", hint=f"support admin knowledge add {path.resolve()}")
    if path.is_dir():
        yield from _in_folder(path, skip)
        return
    raw = _read(path, None)
    if raw is None:
        raise UsageError(f"{path} is not a file.")
    yield ArticleFile(path, raw)


def _in_folder(folder: Path, skip: Skip) -> Iterator[ArticleFile]:
    found = False
    for root, folders, names, descriptor in os.fwalk(folder, onerror=_refuse):
        folders.sort()
        for each in folders:
            if stat.S_ISLNK(os.lstat(each, dir_fd=descriptor).st_mode):
                skip(Path(root, each))
        for name in sorted(each for each in names if each.endswith(_SUFFIX)):
            path = Path(root, name)
            raw = _read(path, descriptor)
            found = found or raw is not None
            if raw is None:
                skip(path)
            else:
                yield ArticleFile(path, raw)
    if not found:
        raise UsageError(f"There is no Markdown file in {folder}.")


def _read(path: Path, folder: int | None) -> bytes | None:
    """Read a file, of the folder where one is given; None where it is a link, a pipe or so."""
    try:
        opened = os.open(path if folder is None else path.name, _FLAGS, dir_fd=folder)
    except OSError as exc:
        if exc.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
            return None
        raise UsageError(f"{path} cannot be read: {exc.strerror}.") from exc
    with os.fdopen(opened, "rb") as stream:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        return stream.read(ARTICLE_LIMIT + 1)


def _refuse(error: OSError) -> NoReturn:
    raise UsageError(f"{error.filename} cannot be read: {error.strerror}.") from error

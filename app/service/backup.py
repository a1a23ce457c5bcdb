"""Copies the whole centre into one file while it works, and restores such a copy into a fresh place.

The file is a tar archive: `database`, then `pbx-0`, `pbx-1` (phones' accounts and routes, the event log; one where both
are in one database), `imports/`, and at its end `manifest.json`. An archive without it was cut short.

The order matters. Each part shows one moment, but not all the same one. Phones' accounts come after the operators who
have them. The event log comes last: from it the service completes, at its start, the records of calls that went on
meanwhile. Facts in the spool would be in no part, so the spool must be empty. Sounds are in the database.

SQLite is copied by its online backup, PostgreSQL by its own `pg_dump` and `pg_restore`. Everything here blocks.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from urllib.parse import quote

from sqlalchemy import inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app.pbx.realtime.database import RealtimeUnfit, metadata, open_realtime, require_file
from app.pbx.realtime.softphones import SoftphoneStore
from app.records.engine import open_engine
from app.records.spool import Spool, SpoolUnusable, waiting_bytes
from app.system.private import FILE, make_private

FORM: Final = 1
"""The version of the archive's form; another one is not read."""
_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "database"
_IMPORTS: Final = "imports"
_OF_PBX: Final = (*sorted(metadata.tables), "cel")
"""Tables of ours in a database that an Asterisk may share with others."""
_SPOOL_BYTES: Final = 1 << 20


class BackupFailed(Exception):  # noqa: N818 - named for what is so
    """The copy is not whole, or cannot be restored here; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a centre keeps its data; databases by SQLAlchemy's addresses."""

    database: str
    spool: Path
    imports: Path
    softphones: str = ""
    """Empty: the service does not keep phones' accounts."""
    event_log: str = ""
    """Empty: there is no event log."""

    def of_pbx(self) -> list[str]:
        """The PBX's databases, each once, that with the event log last."""
        return [url for url in dict.fromkeys((self.softphones, self.event_log)) if url]


def back_up(places: Places, target: IO[bytes], *, at: datetime) -> None:
    """Write a copy of the centre, which may be at work.

    Args:
        places: where the centre keeps its data.
        target: where the archive is written to; it is not read, so a pipe will do.
        at: now.

    Raises:
        BackupFailed, OSError: the copy failed; what has been written is of no use.
    """
    _require_empty_spool(places.spool)
    with (
        tempfile.TemporaryDirectory(prefix="keskus-backup-") as folder,
        tarfile.open(fileobj=target, mode="w|") as archive,
    ):
        copy = Path(folder) / "copy"
        for name, url, tables in _parts(places):
            _copy(make_url(url), copy, tables)
            archive.add(copy, name)
            copy.unlink()
            _require_empty_spool(places.spool)
        if places.imports.is_dir():
            archive.add(places.imports, _IMPORTS)
        manifest = {"form": FORM, "at": at.isoformat(), "parts": _kinds(places)}
        _add_text(archive, _MANIFEST, json.dumps(manifest, indent=2))


def restore(places: Places, source: IO[bytes]) -> datetime:
    """Restore a copy into a fresh place: its database is empty, and no service runs on it.

    The PBX's tables must be there (`keskus pbx up`, or docker/postgres/asterisk.sql); what they hold is replaced.

    Returns:
        When the copy was taken.

    Raises:
        BackupFailed, OSError: nothing that was here is lost; once the cause is gone it can be tried again.
    """
    with tempfile.TemporaryDirectory(prefix="keskus-restore-") as folder, _alone(places.spool):
        try:
            with tarfile.open(fileobj=source, mode="r|*") as archive:
                _unpack(archive, Path(folder))
        except (tarfile.TarError, EOFError) as error:
            raise BackupFailed(f"this is no whole copy of a centre: {error}") from error
        copy = Path(folder)
        manifest = _read_manifest(copy / _MANIFEST)
        if manifest["parts"] != _kinds(places):
            raise BackupFailed(
                f"the copy is of {_words(manifest['parts'])}, the settings name {_words(_kinds(places))}: "
                f"choose the same kinds of databases"
            )
        _require_empty(places.database)
        if places.imports.is_dir() and any(places.imports.iterdir()):
            raise BackupFailed(
                f"there are lists in {places.imports}: restore into a fresh place, or move them away"
            )
        for place, url in enumerate(places.of_pbx()):
            _replace_rows(url, copy / f"pbx-{place}", softphones=url == places.softphones)
        if (copy / _IMPORTS).is_dir():
            shutil.copytree(copy / _IMPORTS, places.imports, dirs_exist_ok=True)
            make_private(places.imports)
        _lay_database(make_url(places.database), copy / _DATABASE)
        return datetime.fromisoformat(manifest["at"])


def _parts(places: Places) -> Iterator[tuple[str, str, Sequence[str]]]:
    yield _DATABASE, places.database, ()
    for place, url in enumerate(places.of_pbx()):
        yield f"pbx-{place}", url, _OF_PBX


def _kinds(places: Places) -> dict[str, str]:
    return {name: make_url(url).get_backend_name() for name, url, _ in _parts(places)}


def _words(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {kind}" for name, kind in kinds.items())


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    # By hand: extractall has filters against names that lead elsewhere from Python 3.11.4 on; Debian 12 has 3.11.2.
    for member in archive:
        path = PurePosixPath(member.name)
        if member.isdir():
            continue
        content = archive.extractfile(member)
        if content is None or path.is_absolute() or ".." in path.parts:
            raise BackupFailed(f"this is no copy of a centre: it holds {member.name}")
        made = folder / path
        made.parent.mkdir(parents=True, exist_ok=True)
        with made.open("wb") as target:
            shutil.copyfileobj(content, target)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        raise BackupFailed("this is no whole copy of a centre: its end is missing") from None
    if manifest.get("form") != FORM:
        raise BackupFailed(f"this copy has form {manifest.get('form')}; this version reads form {FORM}")
    return manifest


def _add_text(archive: tarfile.TarFile, name: str, content: str) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), FILE
    archive.addfile(member, BytesIO(content.encode()))


def _require_empty_spool(path: Path) -> None:
    if waiting_bytes(path):
        raise BackupFailed(
            f"facts wait in {path}, for the database is or was away: try again when keskus_spool_batches is 0"
        )


@contextmanager
def _alone(spool: Path) -> Iterator[None]:
    """Hold the spool, so that no service can run here meanwhile."""
    try:
        held = Spool.open(spool, _SPOOL_BYTES)
    except SpoolUnusable as error:
        raise BackupFailed(f"{error}: stop the service first") from error
    try:
        if held.batches:
            raise BackupFailed(f"{spool} holds facts of another database: move it away")
        yield
    finally:
        held.close()


# SQLite and PostgreSQL


def _copy(url: URL, copy: Path, tables: Sequence[str]) -> None:
    if url.get_backend_name() == "sqlite":
        with closing(_open_file(url)) as source, closing(sqlite3.connect(copy)) as made:
            source.backup(made)
            (said,) = made.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise BackupFailed(f"{url.database} is damaged: {said}")
        return
    only = [f"--table=public.{name}" for name in tables]
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}",
         *(["--data-only", *only] if only else []))  # fmt: skip


def _replace_rows(url: str, copy: Path, *, softphones: bool) -> None:
    """Put the copy's rows into the PBX's tables, which an Asterisk may be looking at."""
    address = make_url(url)
    try:
        require_file(url)
        if softphones:
            asyncio.run(_make_tables(url))
    except RealtimeUnfit as error:
        raise BackupFailed(str(error)) from error
    if address.get_backend_name() == "sqlite":
        with closing(_open_file(address)) as database, closing(sqlite3.connect(copy)) as source:
            kept = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            with database:
                for table in (name for name in _OF_PBX if name in kept):
                    rows = source.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of ours
                    columns = ", ".join(f'"{column[0]}"' for column in rows.description)
                    marks = ", ".join("?" for _ in rows.description)
                    database.execute(f'DELETE FROM "{table}"')  # noqa: S608
                    database.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608
        return
    asyncio.run(_empty_tables(url))
    _run("pg_restore", address, "--data-only", "--single-transaction", "--no-owner", str(copy))


async def _make_tables(url: str) -> None:
    async with SoftphoneStore(url):
        pass


async def _empty_tables(url: str) -> None:
    engine = open_realtime(url)
    try:
        there = set(await _tables(engine))
        async with engine.begin() as connection:
            for name in there.intersection(_OF_PBX):
                await connection.execute(text(f'TRUNCATE "{name}"'))
    finally:
        await engine.dispose()


def _require_empty(url: str) -> None:
    engine = open_engine(url)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return
    if asyncio.run(_tables(engine)):
        shown = engine.url.render_as_string(hide_password=True)
        raise BackupFailed(f"{shown} is not empty: restore into a fresh place; nothing is overwritten")


async def _tables(engine: AsyncEngine) -> list[str]:
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    finally:
        await engine.dispose()


def _lay_database(url: URL, copy: Path) -> None:
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        made = path.with_name(f"{path.name}.restoring")
        shutil.copyfile(copy, made)
        made.chmod(FILE)
        for ending in ("-wal", "-shm"):  # of an empty file that was there
            path.with_name(path.name + ending).unlink(missing_ok=True)
        made.replace(path)  # appears whole or not at all
        return
    _run(
        "pg_restore",
        url,
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        str(copy),
    )


def _open_file(url: URL) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"file:{quote(url.database or '')}?mode=rw", uri=True, timeout=30.0)
    except sqlite3.OperationalError as error:
        raise BackupFailed(f"{url.database} cannot be opened: {error}") from error


def _run(program: str, url: URL, *words: str) -> None:
    """Run one of PostgreSQL's programs; the password stands in its environment, on no command line."""
    if shutil.which(program) is None:
        raise BackupFailed(
            f"there is no {program} here: it comes with PostgreSQL's client (postgresql-client)"
        )
    host = url.query.get("host") or url.host
    named = {
        "HOST": host,
        "PORT": url.port,
        "USER": url.username,
        "PASSWORD": url.password,
        "DATABASE": url.database,
    }
    environment = {f"PG{name}": str(value) for name, value in named.items() if value is not None}
    if program == "pg_restore":
        words = (f"--dbname={url.database}", *words)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's and words of ours
        [program, *words], env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()[-1000:]}")

"""Checks of what is on this machine or reached from it: database, accounts, disks, files, the address of phones."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.operators.queries import count_phones, load_operator_settings
from app.crm.operators.tables import SoftphoneKind
from app.pbx.audit.sip_ping import sip_answers
from app.pbx.realtime.database import RealtimeUnfit
from app.pbx.realtime.softphones import SoftphoneStore
from app.records.engine import check, imports_beside, open_engine, reading, spool_beside
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid
from app.records.migrations import current, head
from app.service.checks.finding import Check, CheckImpossible, Finding
from app.service.checks.pbx import apart
from app.service.settings import HttpSettings, PbxSettings, Settings
from app.service.settings_sources import Loaded
from app.system import clock
from app.system.away import is_unusable, reason
from app.system.private import readable_by_others

FREE_BYTES: Final = 1 << 30
OLDEST_POSTGRESQL: Final = 13
_SIP_PORTS: Final = {"udp": 5060, "tcp": 5060, "tls": 5061}
_CONTAINERS: Final = Path("/run/secrets")
"""A container's own folder of secrets, where there are no other users."""
_UPGRADE: Final = "keskus db upgrade, or start the service, which does the same"


def checks_here(loaded: Loaded) -> list[Check]:
    """The checks, in order."""
    settings = loaded.settings
    return [
        Check(
            "The database is there, takes writes, and has the tables of this version",
            lambda: _database(settings),
        ),
        Check("The clock of the database agrees with this machine's", lambda: _database_clock(settings)),
        Check("Each operator's phone has its account in the PBX's database", lambda: _accounts(settings)),
        Check("The disks have room", lambda: asyncio.to_thread(_disks, settings)),
        Check("Secrets and records are for their owner alone", lambda: asyncio.to_thread(_modes, loaded)),
        Check("Phones are told an address where the PBX answers", lambda: _address(settings)),
        Check(
            "Phones in browsers are told an address that their page may open",
            lambda: _page_s_phones(settings),
        ),
    ]


async def _database(settings: Settings) -> list[Finding]:
    try:
        engine = open_engine(settings.database.url.get_secret_value())
    except DatabaseUrlInvalid as error:
        return [Finding(str(error), "set KESKUS__DATABASE__URL right")]
    try:
        if (file := _file_of(engine)) is not None and not file.exists():
            return [Finding(f"there is no database yet: {file}", _UPGRADE)]
        await check(engine)
        return [*await _version(engine), *await _tables(engine), *await _writes(engine)]
    except DatabaseUnreachable as error:
        return [Finding(str(error), "start it, or set KESKUS__DATABASE__URL right")]
    except Exception as error:
        if not is_unusable(error):
            raise
        return [Finding(f"the database: {reason(error)}", "look into its own log")]
    finally:
        await engine.dispose()


async def _version(engine: AsyncEngine) -> list[Finding]:
    if engine.dialect.name != "postgresql":
        return []
    async with reading(engine) as session:
        number = int(str(await session.scalar(text("SHOW server_version_num"))))
    if number // 10_000 >= OLDEST_POSTGRESQL:
        return []
    return [Finding(f"this is PostgreSQL {number // 10_000}", f"take {OLDEST_POSTGRESQL} or newer")]


async def _tables(engine: AsyncEngine) -> list[Finding]:
    there = await current(engine)
    if there == head():
        return []
    if there is None:
        return [Finding("the database has no tables yet", _UPGRADE)]
    return [Finding(f"its tables are of version {there}, this program's of {head()}", _UPGRADE)]


async def _writes(engine: AsyncEngine) -> list[Finding]:
    try:
        async with engine.connect() as connection:
            await connection.execute(text("CREATE TABLE keskus_check (id INTEGER)"))
            await connection.rollback()
    except (SQLAlchemyError, OSError) as error:
        return [Finding(f"it takes no writes: {reason(error)}", "give its user the right, or its disk room")]
    return []


async def _database_clock(settings: Settings) -> list[Finding]:
    engine = _opened(settings)
    try:
        if engine.dialect.name != "postgresql":
            return []
        async with reading(engine) as session:
            told = await session.scalar(text("SELECT clock_timestamp()"))
    except Exception as error:
        if not is_unusable(error):
            raise
        raise CheckImpossible(reason(error)) from error
    finally:
        await engine.dispose()
    assert isinstance(told, datetime)
    return apart("the database", (told.astimezone(UTC) - clock.utc_now()).total_seconds())


async def _accounts(settings: Settings) -> list[Finding]:
    url = settings.pbx.softphones_url.get_secret_value()
    if not url:
        return []
    engine = _opened(settings)
    try:
        if (file := _file_of(engine)) is not None and not file.exists():
            return []
        if await current(engine) != head():
            return []  # another check tells
        async with reading(engine) as session:
            wanted = {one.endpoint for one in await load_operator_settings(session)}
        store = SoftphoneStore(url)
        try:
            await store.create_schema()
            missing = sorted(wanted - set(await store.names()))
        finally:
            await store.close()
    except RealtimeUnfit as error:
        return [Finding(f"KESKUS__PBX__SOFTPHONES_URL: {error}", "set it right")]
    except Exception as error:
        if not is_unusable(error):
            raise
        raise CheckImpossible(reason(error)) from error
    finally:
        await engine.dispose()
    if not missing:
        return []
    return [
        Finding(
            f"{len(missing)} of {len(wanted)} phones have no account there: {', '.join(missing[:5])}",
            "see that KESKUS__PBX__SOFTPHONES_URL names the database that was used so far; else renew the secrets",
        )
    ]


def _disks(settings: Settings) -> list[Finding]:
    found = {}
    for path in _own_paths(settings):
        there = next(one for one in (path, *path.absolute().parents) if one.exists())
        free = shutil.disk_usage(there).free
        if free < FREE_BYTES:
            found[there.stat().st_dev] = Finding(
                f"{free >> 20} MiB are free where {path} is", "make room: 1 GiB is kept free for records"
            )
    return list(found.values())


def _modes(loaded: Loaded) -> list[Finding]:
    secret = [
        Finding(f"{path} holds a secret, and every user of this machine may read it", f"chmod o= {path}")
        for path in dict.fromkeys(loaded.secret_files)
        if readable_by_others(path) and _CONTAINERS not in path.parents
    ]
    own = [
        Finding(
            f"{path} holds customers' numbers, and every user of this machine may read it", f"chmod o= {path}"
        )
        for path in _own_paths(loaded.settings)
        if readable_by_others(path)
    ]
    return [*secret, *own]


async def _address(settings: Settings) -> list[Finding]:
    pbx = settings.pbx
    host, _, port = (
        pbx.sip_address.rpartition(":") if _has_port(pbx.sip_address) else (pbx.sip_address, "", "")
    )
    host = host.strip("[]")
    number = int(port or _SIP_PORTS[pbx.sip_transport])
    found = []
    if _is_loopback(host) and _serves_others(settings.http):
        found.append(
            Finding(
                f"phones are told to register with {pbx.sip_address}, which is each phone itself",
                "set KESKUS__PBX__SIP_ADDRESS to the address at which phones reach the PBX",
            )
        )
    return [*found, *await _answers(pbx, host, number)]


async def _answers(pbx: PbxSettings, host: str, port: int) -> Sequence[Finding]:
    remedy = (
        f"set KESKUS__PBX__SIP_ADDRESS and KESKUS__PBX__SIP_TRANSPORT as pjsip.conf has it, let the firewall pass "
        f"port {port} ({pbx.sip_transport}); where this machine cannot reach its public address, ask from another"
    )
    try:
        if await sip_answers(host, port, pbx.sip_transport):
            return []
    except OSError as error:
        return [Finding(f"{pbx.sip_address} by {pbx.sip_transport}: {error.strerror or error}", remedy)]
    return [Finding(f"nobody answers SIP at {pbx.sip_address} by {pbx.sip_transport}", remedy)]


async def _page_s_phones(settings: Settings) -> list[Finding]:
    url = urlsplit(settings.pbx.websocket_url)
    encrypted = settings.http.https or bool(settings.http.proxies)
    if not encrypted or (url.scheme == "wss" and not _is_loopback(url.hostname or "")):
        return []
    engine = _opened(settings)
    try:
        if (file := _file_of(engine)) is not None and not file.exists():
            return []
        if await current(engine) != head():
            return []  # another check tells
        async with reading(engine) as session:
            phones = await count_phones(session, SoftphoneKind.BROWSER)
    except Exception as error:
        if not is_unusable(error):
            raise
        raise CheckImpossible(reason(error)) from error
    finally:
        await engine.dispose()
    if not phones:
        return []
    return [
        Finding(
            f"{phones} phones in browsers are told to register with {settings.pbx.websocket_url}, which a page that "
            "comes by HTTPS to another machine may not open",
            "set KESKUS__PBX__WEBSOCKET_URL to wss:// and the address of the proxy in front, and let that pass it "
            "on to Asterisk's websocket; in containers set KESKUS_SITE",
        )
    ]


def _has_port(address: str) -> bool:
    return address.rpartition(":")[2].isdecimal() and (address.count(":") == 1 or "]:" in address)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _serves_others(http: HttpSettings) -> bool:
    """Whether browsers on other machines use the service: then phones are on other machines, too."""
    return http.https or bool(http.proxies) or not _is_loopback(http.host)


def _opened(settings: Settings) -> AsyncEngine:
    try:
        return open_engine(settings.database.url.get_secret_value())
    except DatabaseUrlInvalid as error:
        raise CheckImpossible(str(error)) from error


def _file_of(engine: AsyncEngine) -> Path | None:
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def _own_paths(settings: Settings) -> Iterator[Path]:
    """Files and folders that the service keeps on this machine's disks."""
    try:
        engine = _opened(settings)
    except CheckImpossible:
        return
    if (file := _file_of(engine)) is not None:
        yield file
    yield settings.database.spool or spool_beside(engine)
    yield settings.imports.folder or imports_beside(engine)

"""In which order the tests run, which wait more than they compute, and which are heavy.

The workers take file after file (`tests/workers.py`). A long file that is begun last leaves the other workers idle, so
the long ones come first.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

import pytest

LONG: Final = (
    # These wait for telephones and need little of a processor: they are not in the way of what is loud.
    "tests/calls/test_lost_phones.py",
    "tests/calls/test_dialer.py",
    "tests/calls/test_parking.py",
    "tests/calls/test_attended.py",
    "tests/calls/test_transfers.py",
    "tests/calls/test_unheard.py",
    "tests/calls/test_lost_callers.py",
    "tests/calls/test_withdrawn.py",
    "tests/calls/test_audit.py",
    "tests/pbx/test_check.py",
    "tests/calls/test_softphone.py",
    "tests/calls/test_routing.py",
    "tests/calls/test_campaigns.py",
    # These run programs.
    "tests/calls/test_dialer_faults.py",
    "tests/attack/test_toll.py",
    "tests/service/test_backup.py",
    "tests/calls/test_browser_phones.py",
    "tests/attack/test_sip_tricks.py",
    "tests/live/test_page.py",
    "tests/records/test_spool_survives.py",
    "tests/attack/test_files.py",
    "tests/attack/test_http.py",
    "tests/attack/test_sip.py",
    "tests/attack/test_logins.py",
    "tests/service/test_wheel.py",
    "tests/attack/test_roles.py",
    "tests/live/test_reference.py",
    "tests/calls/test_rebuild.py",
    "tests/system/test_private.py",
    # These compute.
    "tests/api/test_openapi.py",
    "tests/staffing/test_simulate.py",
    "tests/simulator/test_day.py",
    "tests/simulator/test_faults.py",
    "tests/lists/test_memory.py",
    "tests/simulator/test_erlang.py",
    "tests/simulator/test_dialing.py",
    "tests/simulator/test_blending.py",
    "tests/floor/test_callers_beside.py",
    "tests/api/test_unfit_values.py",
    "tests/crm/test_import_command.py",
    "tests/crm/test_lead_walks.py",
    "tests/floor/test_campaign_walks.py",
    "tests/service/test_serve.py",
    "tests/floor/test_determinism.py",
)
"""More than some ten seconds each, by the clock of a quiet machine with two cores; of each kind the longest first."""

WAITING: Final = (
    "tests/acceptance/",
    "tests/attack/",
    "tests/calls/",
    "tests/desktop/",
    "tests/faults/",
    "tests/live/",
    "tests/pbx/",
    "tests/records/test_journal_survives.py",
    "tests/records/test_spool_survives.py",
    "tests/sandbox/",
    "tests/serving/",
    "tests/service/test_backup.py",
    "tests/service/test_wheel.py",
    "tests/system/test_private.py",
)
"""What spends most of its time with a PBX, a browser, or a program that is started."""
LOUD: Final = ("tests/acceptance/", "tests/faults/")
"""Whole centres under load, which are held to promises of time."""
APART: Final = (
    *LOUD,
    "tests/calls/test_dialer.py",
    "tests/calls/test_dialer_faults.py",
    "tests/calls/test_lost_phones.py",
    "tests/service/test_backup.py",
)
"""Long files whose tests share nothing but what a worker has for all files."""
HEAVY: Final = (
    "tests/acceptance/",
    "tests/api/test_campaign_law.py",
    "tests/api/test_campaigns.py",
    "tests/api/test_consents.py",
    "tests/api/test_imports.py",
    "tests/api/test_leads.py",
    "tests/api/test_socket.py",
    "tests/api/test_webhook_receiver.py",
    "tests/attack/",
    "tests/crm/test_import_desk.py",
    "tests/crm/test_import_work.py",
    "tests/crm/test_consent_lists.py",
    "tests/faults/",
    "tests/floor/test_blending.py",
    "tests/floor/test_callers_beside.py",
    "tests/compliance/test_eligibility.py",
    "tests/floor/test_oracle.py",
    "tests/records/test_disk_full.py",
    "tests/serving/test_protocol.py",
    "tests/simulator/",
    "tests/accounts/test_hashing.py",
    "tests/service/test_settings.py",
)
"""Days of simulation, many examples, slow clients, and files that are read in processes of their own."""
BROUGHT: Final = (
    "Sandbox",
    "async_playwright",
    "browser_phone",
    "browsing",
    "open_target",
    "postgres_server",
)
"""Names in a test's module that say: it brings a PBX, a browser, a service in a process, or PostgreSQL."""


def in_order(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The tests, file by file, the long files first."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(file_of(item.nodeid), []).append(item)
    for name in dict.fromkeys((*LONG, *files)):
        yield from files.get(name, ())


def mark_heavy(items: Iterable[pytest.Item]) -> None:
    """Mark those that need a PBX, a browser, a process or PostgreSQL, or take long."""
    for item in items:
        if is_heavy(PurePath(file_of(item.nodeid))) or _brings(item):
            item.add_marker(pytest.mark.heavy)


def is_heavy(file: PurePath) -> bool:
    """Whether a whole file is heavy, by its path within the project."""
    return file.as_posix() in LONG or file.as_posix().startswith(HEAVY)


def _brings(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    kinds = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return (
        "sandbox" in item.fixturenames
        or "postgresql" in kinds
        or any(name in vars(item.module) for name in BROUGHT)
    )


def file_of(test: str) -> str:
    """The file of a test or of a file."""
    return test.partition("::")[0]


def is_waiting(test: str) -> bool:
    """Whether a test or a file waits more than it computes."""
    return test.startswith(WAITING)


def is_loud(test: str) -> bool:
    """Whether a test or a file runs beside no other such one."""
    return test.startswith(LOUD)


def is_apart(file: str) -> bool:
    """Whether workers share the tests of a file."""
    return file.startswith(APART)

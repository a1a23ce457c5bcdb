"""The receiver of docs/webhooks.md, run as it stands there."""

import asyncio
import os
import re
import sys
from pathlib import Path

from app.crm.webhooks.sending import Receiver, send
from app.crm.webhooks.service import new_secret
from app.crm.webhooks.tables import DeliveryRow, DeliveryState
from app.records.event_table import EventRow
from app.system.clock import utc_now
from app.system.guarded_http import GuardedHttp
from app.system.networks import read_networks

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
DEADLINE_S = 60.0


async def test_it_takes_what_is_signed_once_and_nothing_else(tmp_path: Path) -> None:
    (script,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    (tmp_path / "receiver.py").write_text(script)
    secret, at = new_secret(), utc_now()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "receiver.py"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PORT": "0", "KESKUS_WEBHOOK_SECRET": secret},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert program.stdout is not None
    http = GuardedHttp(2048, read_networks(["127.0.0.0/8"]))
    event = EventRow(id=7, at=at, kind="order.placed", subject="order", subject_id="118", actor="service")
    row = DeliveryRow(
        id=1,
        webhook_id=1,
        event_id=7,
        kind="order.placed",
        key="",
        state=DeliveryState.SENDING,
        next_at=at,
        created_at=at,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            port = int((await program.stdout.readline()).split()[-1])
            statuses = []
            for by in (secret, secret, new_secret()):
                to = Receiver(f"http://127.0.0.1:{port}/", [by], values=True)
                statuses.append((await send(http, to, row, event, at)).status)
            assert statuses == [204, 204, 401]
            assert await program.stdout.readline() == b"order.placed 118\n"
    finally:
        program.kill()
        told = await program.stdout.read()
        await program.wait()
        await http.close()
    assert told == b"", "it was told twice, and did it once"

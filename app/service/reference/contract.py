"""Writes the interface's description for programs that make types of it: `python -m app.service.reference.contract`."""

import json
import sys

from app.api import floor
from app.crm.users import session
from app.service.reference.description import TAGS, TEXT, Described
from app.service.subject_routers import ROUTERS
from app.service.subjects import API


def contract() -> str:
    """The description, of all routes of `/api/v1` and all messages of the websocket, as JSON."""
    api = Described(title="Keskus", version="1", description=TEXT, openapi_tags=TAGS)
    for part in (session.router, floor.router, *ROUTERS):
        api.include_router(part, prefix=API)
    api.include_router(floor.outside)
    return json.dumps(api.openapi(), ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(contract())

"""Write the next migration: `python -m app.service.new_migration "what it does"`.

It compares the tables with an empty database that has every step so far, and writes what is missing to
`app/records/migrations/versions/`.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.crm import metadata
from app.records.engine import open_engine
from app.records.migrations import config, head, upgrade


async def _write(message: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite+aiosqlite:///{Path(directory) / 'empty.db'}")
        try:
            if head() is not None:
                await upgrade(engine)
            number = len(list(ScriptDirectory.from_config(config()).walk_revisions())) + 1
            async with engine.begin() as connection:
                await connection.run_sync(
                    lambda sync: command.revision(
                        config(sync, metadata), message, autogenerate=True, rev_id=f"{number:04}"
                    )
                )
        finally:
            await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_write(" ".join(sys.argv[1:]) or sys.exit("say what the migration does")))

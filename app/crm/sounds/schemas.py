"""Sound files that the PBX plays."""

from datetime import datetime

from pydantic import ConfigDict

from app.api.schemas import Shown
from app.crm.sounds.tables import SoundRow
from app.pbx.sounds import PREFIX


class SoundOut(Shown):
    """A sound file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "kes-helistas",
                    "message": "keskus/kes-helistas",
                    "title": "Kes helistas ja kuidas loobuda",
                    "seconds": 11.5,
                    "created_at": "2026-03-01T08:00:00Z",
                }
            ]
        }
    )

    name: str
    """Its name: letters, digits, `_` and `-`."""
    message: str
    """What a campaign is given as its `message` or `machine_message`."""
    title: str
    """What is said in it."""
    seconds: float
    """How long it is, in seconds."""
    created_at: datetime
    """When it was brought."""

    @classmethod
    def of(cls, row: SoundRow) -> "SoundOut":
        """A row as it is told."""
        return cls(
            name=row.name,
            message=PREFIX + row.name,
            title=row.title,
            seconds=round(row.seconds, 2),
            created_at=row.created_at,
        )

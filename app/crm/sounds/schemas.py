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
    """The file's name: letters, digits, `_` and `-`."""
    message: str
    """The value by which a campaign names it as `message` or `machine_message`."""
    title: str
    """A title, such as what is said in it."""
    seconds: float
    """The length in seconds."""
    created_at: datetime
    """When the file was uploaded."""

    @classmethod
    def of(cls, row: SoundRow) -> "SoundOut":
        """The sound file as the API shows it."""
        return cls(
            name=row.name,
            message=PREFIX + row.name,
            title=row.title,
            seconds=round(row.seconds, 2),
            created_at=row.created_at,
        )

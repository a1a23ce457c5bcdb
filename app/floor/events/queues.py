"""Events of queues that the administrator creates, changes or removes."""

from typing import NamedTuple

from app.domain.ids import (
    QueueId,
)
from app.domain.queues import QueueSettings


class QueueSet(NamedTuple):
    """A queue was made or changed."""

    settings: QueueSettings


class QueueRemoved(NamedTuple):
    """A queue was taken away."""

    queue: QueueId


QueueEvent = QueueSet | QueueRemoved

"""The states of a job that imports an uploaded file."""

from enum import StrEnum


class JobState(StrEnum):
    """The state of an import."""

    READING = "reading"
    """The file is uploaded; the service detects how to read it."""
    UPLOADED = "uploaded"
    """The file is uploaded; the service waits for the user's choices."""
    CHECKED = "checked"
    """A dry run has counted the rows that would be added and rejected."""
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    """The service stopped during the import; the import may be continued from there."""
    UNDOING = "undoing"
    UNDONE = "undone"

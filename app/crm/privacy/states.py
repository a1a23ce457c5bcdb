"""The words of privacy: how far an erasure is, why it is done, and the kinds of data with a time limit."""

from enum import StrEnum


class ErasureState(StrEnum):
    """How far an erasure is."""

    ASKED = "asked"
    """The contact is still there."""
    SETTLING = "settling"
    """The contact is gone; traces in the journal and in free pages of the database are going."""
    DONE = "done"


class ErasureCause(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    """Somebody asked for it."""
    RETENTION = "retention"
    """There was no contact with them for too long."""
    RESTORED = "restored"
    """They had been erased, and a backup brought them back."""


class KeptKind(StrEnum):
    """Kinds of data that are kept for a time."""

    CALLS = "calls"
    """Numbers, names and timelines of calls; their figures stay."""
    ATTEMPTS = "attempts"
    """Numbers and notes of attempts; their figures stay."""
    EVENTS = "events"
    """The audit log."""
    NOTES = "notes"
    """Notes about contacts."""
    ORDERS = "orders"
    """Addresses and comments of orders that are delivered, cancelled or returned; their figures stay."""
    ORDER_DRAFTS = "order_drafts"
    """Drafts of orders, whole."""
    COMPLAINTS = "complaints"
    """Texts and notes of complaints that are ended; their figures stay."""
    IMPORT_FILES = "import_files"
    """Files of imports, and their rejected rows."""
    CONTACTS = "contacts"
    """Contacts with whom there was no call, attempt, order, complaint, note or lead: they are erased."""

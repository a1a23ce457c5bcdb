"""Kinds of telephone number."""

from enum import StrEnum


class NumberKind(StrEnum):
    """What a number is, by the numbering plan of its country."""

    MOBILE = "mobile"
    FIXED = "fixed"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    VOIP = "voip"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    PREMIUM = "premium"
    PERSONAL = "personal"
    COMPANY = "company"
    """One number for a whole company."""
    PAGER = "pager"
    VOICEMAIL = "voicemail"
    SHORT = "short"
    EMERGENCY = "emergency"
    INVALID = "invalid"
    """A number of no numbering plan, or of a kind that its plan does not define."""

"""What a campaign lacks: without it nobody begins to call.

A rule set decides when and how often may be called. That somebody may be called at all for marketing, a legal basis
decides, which only people can name. Nothing here is legal advice; `docs/law.md` says it in plain words.
"""

from enum import StrEnum

from app.compliance.rules import Limits
from app.domain.campaigns import Purpose


class LegalBasis(StrEnum):
    """Why a campaign may call those on its list."""

    CONSENT = "consent"
    """They have consented: a person whose consent is not on file is not called, whatever the rule set asks."""
    EXISTING_CUSTOMERS = "existing_customers"
    """They are customers, and are offered what is like what they bought."""
    LEGITIMATE_INTEREST = "legitimate_interest"
    """The interest of who calls was weighed against theirs; the note says where."""


class Lack(StrEnum):
    """What is missing, in the order in which it is told."""

    RULE_SET = "rule_set"
    """It names no rule set."""
    HOURS = "hours"
    """Neither it nor its rule set says when may be called."""
    LEGAL_BASIS = "legal_basis"
    """It is marketing, and nobody has said on what legal basis."""
    LEGAL_BASIS_NOTE = "legal_basis_note"
    """It rests on a legitimate interest, and nobody has said where that was weighed."""


def lacks(
    limits: Limits, *, rule_set: str, purpose: Purpose, basis: LegalBasis | None, note: str
) -> tuple[Lack, ...]:
    """What a campaign lacks; nothing when it may begin.

    Args:
        limits: those of its rule set and its own together.
        rule_set: the name of its rule set; empty for none.
        purpose: why it calls.
        basis: what it rests on.
        note: of the legal basis.
    """
    missing = {
        Lack.RULE_SET: not rule_set,
        Lack.HOURS: limits.hours is None,
        Lack.LEGAL_BASIS: purpose is Purpose.MARKETING and basis is None,
        Lack.LEGAL_BASIS_NOTE: basis is LegalBasis.LEGITIMATE_INTEREST and not note.strip(),
    }
    return tuple(one for one in Lack if missing[one])

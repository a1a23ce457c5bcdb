"""What a campaign must have before it may start.

A rule set decides when and how often people may be called. Whether they may be called for marketing at all depends on a
legal basis, which only people can name. Nothing here is legal advice; `docs/law.md` explains it in plain words.
"""

from enum import StrEnum

from app.compliance.rules import Limits
from app.domain.campaigns import Purpose


class LegalBasis(StrEnum):
    """Why a campaign may call those on its list."""

    CONSENT = "consent"
    """They have consented: a person without a recorded consent is not called, whatever the rule set requires."""
    EXISTING_CUSTOMERS = "existing_customers"
    """They are customers, and are offered goods or services similar to those they bought."""
    LEGITIMATE_INTEREST = "legitimate_interest"
    """The caller's interest was weighed against theirs; the note says where this is documented."""


class Lack(StrEnum):
    """What a campaign lacks, in the order in which it is reported."""

    RULE_SET = "rule_set"
    """The campaign names no rule set."""
    HOURS = "hours"
    """Neither the campaign nor its rule set has calling hours."""
    LEGAL_BASIS = "legal_basis"
    """The campaign is for marketing, and has no legal basis."""
    LEGAL_BASIS_NOTE = "legal_basis_note"
    """The legal basis is a legitimate interest, and no note says where it was weighed."""


def lacks(
    limits: Limits, *, rule_set: str, purpose: Purpose, basis: LegalBasis | None, note: str
) -> tuple[Lack, ...]:
    """What a campaign lacks; empty: it may start.

    Args:
        limits: the limits of its rule set and its own settings combined.
        rule_set: the name of its rule set; empty: none.
        purpose: why it calls.
        basis: its legal basis; None: none is named.
        note: the note on the legal basis.
    """
    missing = {
        Lack.RULE_SET: not rule_set,
        Lack.HOURS: limits.hours is None,
        Lack.LEGAL_BASIS: purpose is Purpose.MARKETING and basis is None,
        Lack.LEGAL_BASIS_NOTE: basis is LegalBasis.LEGITIMATE_INTEREST and not note.strip(),
    }
    return tuple(one for one in Lack if missing[one])

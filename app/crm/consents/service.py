"""Consents and do-not-calls: added, looked up, removed with a reason. Lists of them:
`app.crm.consent_lists.service`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.dial_facts import ConsentKind, Said
from app.compliance.eligibility import DialRule
from app.crm.campaigns.errors import CampaignUnknown
from app.crm.campaigns.queries import get_campaign
from app.crm.consents import queries
from app.crm.consents.errors import (
    ConsentEndsTooSoon,
    ConsentOfNobody,
    ConsentUnknown,
)
from app.crm.consents.tables import ConsentRow
from app.crm.contacts.service import is_contact, require_contact
from app.crm.leads.judging import look_again
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, ContactId
from app.domain.references import ReferenceUnknown, named
from app.numbers.facts import NumberPlan, plan_of
from app.numbers.reader import keys_of, read_all
from app.records.keyed import keyed_all

BATCH = queries.ASKED
_STOPS = {
    ConsentKind.DO_NOT_CALL: DialRule.DO_NOT_CALL.value,
    ConsentKind.CONSENT: DialRule.CONSENT_MISSING.value,
}
"""The rule by which a consent or do-not-call, or a missing consent, stops a lead."""


@dataclass(slots=True, frozen=True)
class ConsentDraft:
    """What somebody said about being called, as it is written down."""

    word: ConsentKind
    source: str
    number: str | None = None
    """The number as typed or in E.164; either this or a contact is given."""
    contact: ContactId | None = None
    purpose: Purpose | None = None
    campaign: CampaignId | None = None
    note: str = ""
    given_at: datetime | None = None
    """None: now."""
    until: datetime | None = None


@dataclass(slots=True, frozen=True)
class LookUp:
    """What holds for a number, or for each of several."""

    numbers: tuple[str, ...]
    """In E.164, in the order they were written; at least one."""
    plan: NumberPlan
    """The numbering plan's answer for the first number."""
    holds: Sequence[ConsentRow]
    """All that holds for the numbers now, for the purpose and campaign asked about."""

    @property
    def may_not_be_called(self) -> bool:
        """Whether a do-not-call holds; it outweighs any consent."""
        return any(row.word == ConsentKind.DO_NOT_CALL.value for row in self.holds)


async def write_down(
    session: AsyncSession, draft: ConsentDraft, *, user: int | None, at: datetime, region: str
) -> list[ConsentRow]:
    """Write down what somebody said, of each number that was typed. It holds as soon as this is committed.

    Args:
        session: that writes.
        draft: its number as typed.
        user: who writes it down; None: the service itself.
        at: aware; now.
        region: ISO 3166 code of the country for numbers without a country code.

    Returns:
        One for each number, in their order; or the one about a contact.

    Raises:
        ConsentUnfit: see there.
        NumberUnreadable: a part of what was typed is no number that is certain; then nothing is written down.
    """
    if draft.number is None or draft.contact is not None:
        return [await write_down_one(session, draft, user=user, at=at)]
    return [
        await write_down_one(session, replace(draft, number=one.e164), user=user, at=at)
        for one in read_all(draft.number, region)
    ]


async def write_down_one(
    session: AsyncSession, draft: ConsentDraft, *, user: int | None, at: datetime
) -> ConsentRow:
    """Write down what somebody said, about a contact or about one number that is in E.164.

    Raises:
        ConsentUnfit: see there.
    """
    if (draft.number is None) == (draft.contact is None):
        raise ConsentOfNobody
    if draft.contact is not None:
        with named("contact"):
            await require_contact(session, draft.contact)
    if draft.campaign is not None and await get_campaign(session, draft.campaign) is None:
        raise ReferenceUnknown("campaign", CampaignUnknown(campaign=draft.campaign))
    row = await queries.add_consent(session, _row(draft, draft.number, user, at))
    if draft.word is ConsentKind.CONSENT:
        await _look_again(session, row)
    return row


async def withdraw(
    session: AsyncSession, consent: int, *, at: datetime, user: int | None, reason: str
) -> ConsentRow:
    """Withdraw a consent or do-not-call; it stays on file. One that was withdrawn before stays as it was.

    Leads that a do-not-call had stopped for good are judged anew.

    Raises:
        ConsentUnknown: there is none with this id.
    """
    row = await queries.get_consent(session, consent, to_change=True)
    if row is None:
        raise ConsentUnknown
    if row.removed_at is None:
        await queries.remove_consent(session, row, at=at, user=user, reason=reason)
        if row.word == ConsentKind.DO_NOT_CALL.value:
            await _look_again(session, row)
    return row


async def get_consent(session: AsyncSession, consent: int) -> ConsentRow:
    """One; removed ones too.

    Raises:
        ConsentUnknown: there is none with this id.
    """
    row = await queries.get_consent(session, consent)
    if row is None:
        raise ConsentUnknown
    return row


async def page_consents(
    session: AsyncSession,
    wanted: queries.ConsentFilter,
    number: str | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
    region: str,
) -> Sequence[ConsentRow]:
    """Those that match, the newest first.

    Args:
        session: that reads.
        wanted: which.
        number: as typed; only those of the numbers in it. None: of any.
        before: the id of the last of the page before.
        limit: how many at most.
        region: country of numbers without a country code.

    Raises:
        NumberUnreadable: a part of what was typed is no number that is certain.
    """
    if number is not None:
        numbers = [one.e164 for one in read_all(number, region)]
        wanted = replace(wanted, numbers=[*numbers, *await keyed_all(session, numbers)])
    return await queries.page_consents(session, wanted, before=before, limit=limit)


async def keep_for_numbers(session: AsyncSession, contact: ContactId, numbers: Sequence[str]) -> None:
    """Before a contact is forgotten: its do-not-calls become those of each of its numbers, in E.164."""
    said = await queries.consents_of_contact(session, contact, ConsentKind.DO_NOT_CALL)
    rows = [
        row.model_dump(exclude={"id", "contact_id", "number"}) | {"contact_id": None, "number": number}
        for number in numbers
        for row in said
    ]
    await queries.add_consents(session, rows)


async def refused_among(
    session: AsyncSession,
    numbers: Collection[str],
    *,
    purpose: Purpose,
    campaign: CampaignId | None,
    at: datetime,
) -> set[str]:
    """Those of many numbers that must not be called, for this purpose in this campaign: for lists that come in.

    Args:
        session: that reads.
        numbers: in E.164.
        purpose: of the call.
        campaign: that would call.
        at: aware; now.
    """
    return await queries.refused_among(session, numbers, purpose=purpose, campaign=campaign, at=at)


async def consents_of_source(
    session: AsyncSession, number: str, contact: ContactId | None, source: str
) -> Sequence[ConsentRow]:
    """Those that hold for a number in E.164 or for a contact, and come from one source."""
    return await queries.consents_of_source(session, number, contact, source)


async def holds_already(session: AsyncSession, draft: ConsentDraft, at: datetime) -> bool:
    """Whether the same holds already for the draft's number, in E.164, at least as long."""
    assert draft.number is not None
    return bool(await queries.known_among(session, [draft.number], _row(draft, None, None, at)))


async def write_down_no(
    session: AsyncSession,
    number: str,
    contact: ContactId | None,
    source: str,
    *,
    user: int | None,
    at: datetime,
) -> None:
    """Write down that somebody in a call wants no more calls: one do-not-call for the number, one for the contact.

    Args:
        session: that writes.
        number: in E.164.
        contact: who was called, where that is known; one that was forgotten meanwhile is passed over.
        source: the call.
        user: who writes it down; None: the service itself.
        at: aware; now.
    """
    no = ConsentDraft(ConsentKind.DO_NOT_CALL, source)
    await write_down_one(session, replace(no, number=number), user=user, at=at)
    if contact is not None and await is_contact(session, contact):
        await write_down_one(session, replace(no, contact=contact), user=user, at=at)


async def _look_again(session: AsyncSession, row: ConsentRow) -> None:
    contact = ContactId(row.contact_id) if row.contact_id is not None else None
    await look_again(session, _STOPS[ConsentKind(row.word)], [row.number] if row.number else [], contact)


async def look_up(
    session: AsyncSession,
    number: str,
    *,
    at: datetime,
    purpose: Purpose | None = None,
    campaign: CampaignId | None = None,
    region: str,
) -> LookUp:
    """What holds for a number, or for each of several, now.

    Args:
        session: that reads.
        number: as typed.
        at: aware; now.
        purpose: None asks about every purpose.
        campaign: None asks about all campaigns.
        region: country of numbers without a country code.

    Raises:
        NumberUnreadable: a part of what was typed is no number that is certain.
    """
    keys = keys_of(number, region)
    said = {row.id: row for key in keys for row in await queries.consents_about(session, key)}
    rows = [
        row
        for row in said.values()
        if row.given_at <= at
        and (row.until is None or at < row.until)
        and (purpose is None or row.purpose in (None, purpose.value))
        and (campaign is None or row.campaign_id in (None, campaign))
    ]
    return LookUp(keys, plan_of(keys[0], region), rows)


async def consents_for(
    session: AsyncSession, number: str, contact: ContactId | None = None
) -> tuple[Said, ...]:
    """What `app.compliance.eligibility` needs for each dial: the consents and do-not-calls that hold.

    A do-not-call of anybody who has the number holds. A consent holds only for the person who gave it.

    Args:
        session: that reads.
        number: in E.164.
        contact: the lead's.
    """
    return tuple(
        Said(
            word=ConsentKind(row.word),
            given=row.given_at,
            until=row.until,
            purpose=Purpose(row.purpose) if row.purpose is not None else None,
            campaign=CampaignId(row.campaign_id) if row.campaign_id is not None else None,
            source=row.source,
        )
        for row in await queries.consents_about(session, number, contact)
        if contact is None or row.contact_id in (None, contact) or row.word == ConsentKind.DO_NOT_CALL.value
    )


def check(draft: ConsentDraft, at: datetime) -> None:
    """Check a draft, whatever number it is about.

    Raises:
        ConsentEndsTooSoon: the draft ends before it begins.
    """
    _row(draft, None, None, at)


async def write_down_many(
    session: AsyncSession, draft: ConsentDraft, numbers: Sequence[str], *, user: int | None, at: datetime
) -> int:
    """Write down the same for many numbers, except for those for which it holds already.

    Args:
        session: that writes.
        draft: what holds for each number; without a number or contact of its own.
        numbers: in E.164, each once; at most `BATCH`.
        user: who brings them.
        at: aware; now.

    Returns:
        The count of numbers for which it was written down.
    """
    if not numbers:
        return 0
    known = await queries.known_among(session, numbers, _row(draft, None, user, at))
    new = [
        _row(draft, number, user, at).model_dump(exclude={"id"}) for number in numbers if number not in known
    ]
    await queries.add_consents(session, new)
    if new and draft.word is ConsentKind.CONSENT:
        await look_again(session, _STOPS[draft.word], [row["number"] for row in new])
    return len(new)


def _row(draft: ConsentDraft, number: str | None, user: int | None, at: datetime) -> ConsentRow:
    given_at = draft.given_at or at
    if draft.until is not None and draft.until <= given_at:
        raise ConsentEndsTooSoon
    return ConsentRow(
        word=draft.word.value,
        number=number,
        contact_id=draft.contact,
        purpose=draft.purpose.value if draft.purpose is not None else None,
        campaign_id=draft.campaign,
        source=draft.source,
        note=draft.note,
        given_at=given_at,
        until=draft.until,
        user_id=user,
        created_at=at,
    )

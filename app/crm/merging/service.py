"""Merging: two contacts become one that has lost nothing, and two again by undoing.

Calls, attempts, leads, consents, events and whatever else refers to the contact that goes moves to the one that stays
(`app.crm.merging.references`). All objections move, and an objection outweighs any consent, so the stricter word wins.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_search.upkeep import index, leave_people
from app.crm.contacts.drafts import folded_name
from app.crm.contacts.errors import ExternalIdTaken
from app.crm.contacts.service import Contact, get_contact, require_contact
from app.crm.contacts.tables import ContactKind
from app.crm.merging import queries
from app.crm.merging.beside import load_beside
from app.crm.merging.errors import (
    MergeChangedSince,
    MergeDuringCall,
    MergeFieldUnknown,
    MergeNotLast,
    MergeOfKinds,
    MergeOfOne,
    MergeUndone,
    MergeUnknown,
)
from app.crm.merging.rows import VERSIONS, fingerprint, load_both, merge_rows, moved_counts, part_rows
from app.crm.merging.tables import ContactMergeRow
from app.crm.merging.values import APART, NAMES, Choice, choose
from app.crm.privacy.service import refuse_if_erased
from app.domain.actors import Actor
from app.domain.ids import ContactId
from app.domain.references import named
from app.events.recorder import announce
from app.records.errors import refused_as

MERGES_MOST: Final = 200


@dataclass(slots=True, frozen=True)
class Merged:
    """What a merge has done."""

    merge: int
    contact: Contact
    set_aside: Mapping[str, Any]
    """Values that the contact does not show any more, by field; undoing brings them back."""
    moved: Mapping[str, int]
    """How many rows of each table moved."""


async def preview(session: AsyncSession, kept: ContactId, lost: ContactId) -> list[Choice]:
    """The fields of two contacts side by side, with the values that win if nothing is said.

    Raises:
        ContactUnknown, MergeOfOne, MergeOfKinds: see there.
    """
    mine, theirs = await _both(session, kept, lost)
    return choose(*await _whole(session, mine, theirs), ())


async def merge(
    session: AsyncSession,
    kept: ContactId,
    lost: ContactId,
    *,
    take: Collection[str],
    who: Actor,
    at: datetime,
    in_call: Collection[int] = (),
) -> Merged:
    """Merge a contact into another.

    Args:
        session: that writes.
        kept: the contact that stays.
        lost: the contact that goes.
        take: fields in which the value of the contact that goes wins.
        who: merges.
        at: aware; now.
        in_call: contacts with a call on the floor.

    Raises:
        ContactUnknown, MergeOfOne, MergeOfKinds, BeingErased, MergeDuringCall, MergeFieldUnknown: see there.
    """
    mine, theirs = await _both(session, kept, lost)
    await refuse_if_erased(session, kept, lost)
    if lost in in_call or await queries.is_called(session, lost):
        raise MergeDuringCall(contact=lost)
    choices = choose(*await _whole(session, mine, theirs), take)
    if missing := set(take) - {one.field for one in choices}:
        raise MergeFieldUnknown(field=min(missing))
    wins = {one.field: one.wins for one in choices}
    columns = {name: wins[NAMES.get(name, name)] for name in mine if name not in APART}
    values = columns | _of_itself(mine, theirs, at)
    values["search"] = folded_name(ContactKind(mine["kind"]), values)
    changes, labels = await merge_rows(session, kept, lost, values, take)
    aside = {one.field: one.set_aside for one in choices if one.set_aside is not None} | labels
    row = ContactMergeRow(
        contact_id=kept,
        merged_id=lost,
        at=at,
        user_id=who.user,
        changes=changes,
        after=await fingerprint(session, kept),
        set_aside=aside,
        external_id=aside.get("external_id"),
    )
    await queries.save_merge(session, row)
    merge_id = row.id or 0
    session.expire_all()  # the rows were changed by statements
    await index(session, [kept])
    await leave_people(session, [kept])
    _announce(session, kept, lost, choices, aside, version=values["version"])
    return Merged(merge_id, await get_contact(session, kept), aside, moved_counts(changes))


async def undo(session: AsyncSession, merge_id: int, *, at: datetime) -> tuple[Contact, Contact]:
    """Undo a merge; returns both contacts, as they were.

    What came after the merge, such as calls, stays with the contact that stayed.

    Raises:
        MergeUnknown, MergeUndone, BeingErased, MergeNotLast, MergeChangedSince: see there.
        ExternalIdTaken: another contact has been given the external id meanwhile.
    """
    row = await queries.get_merge(session, merge_id)
    if row is None:
        raise MergeUnknown
    kept, lost = ContactId(row.contact_id), ContactId(row.merged_id)
    if row.undone_at is not None:
        raise MergeUndone
    await load_both(session, kept, kept)  # locked
    await refuse_if_erased(session, kept)
    last = await queries.last_merge(session, kept)
    if last is not None and last != row.id:
        raise MergeNotLast(merge=last)
    if await fingerprint(session, kept) != row.after:
        raise MergeChangedSince
    external = next(
        (one["external_id"] for one in reversed(row.changes["contacts"]) if one["external_id"]), ""
    )
    with refused_as(ExternalIdTaken(external_id=external)):
        await part_rows(session, kept, lost, row.changes)
    row.undone_at = at
    row.changes, row.set_aside, row.external_id = {}, {}, None
    await queries.save_merge(session, row)
    session.expire_all()
    await index(session, [kept, lost])
    await leave_people(session, [kept, lost])
    announce(session, "contact", kept, "unmerged", before={"merged": lost}, contact=kept)
    announce(session, "contact", lost, "restored", after={"from": kept}, contact=lost)
    return await get_contact(session, kept), await get_contact(session, lost)


async def merges_of(session: AsyncSession, contact: ContactId) -> Sequence[ContactMergeRow]:
    """The merges into a contact, the newest first.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await get_contact(session, contact)
    return await queries.merges_of(session, contact, MERGES_MOST)


async def _both(
    session: AsyncSession, kept: ContactId, lost: ContactId
) -> tuple[dict[str, Any], dict[str, Any]]:
    if kept == lost:
        raise MergeOfOne
    rows = await load_both(session, kept, lost)
    if kept not in rows:
        await require_contact(session, kept)
    if lost not in rows:
        with named("other"):
            await require_contact(session, lost)
    if rows[kept]["kind"] != rows[lost]["kind"]:
        raise MergeOfKinds
    return rows[kept], rows[lost]


async def _whole(
    session: AsyncSession, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of both contacts, with what stands beside them."""
    return (
        {**mine, **await load_beside(session, mine["id"])},
        {**theirs, **await load_beside(session, theirs["id"])},
    )


def _of_itself(mine: Mapping[str, Any], theirs: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Columns that nobody chooses: the first made, the last served."""
    served = [row for row in (mine, theirs) if row["last_served_at"] is not None]
    last = max(served, key=lambda row: row["last_served_at"], default=mine)
    return {
        "created_at": min(mine["created_at"], theirs["created_at"]),
        "updated_at": at,
        "version": mine["version"] + VERSIONS,
        "last_operator_id": last["last_operator_id"],
        "last_served_at": last["last_served_at"],
    }


def _announce(
    session: AsyncSession,
    kept: ContactId,
    lost: ContactId,
    choices: Sequence[Choice],
    aside: Mapping[str, Any],
    *,
    version: int,
) -> None:
    changed = [one for one in choices if one.wins != one.mine]
    announce(
        session,
        "contact",
        kept,
        "merged",
        before={one.field: one.mine for one in changed},
        after={one.field: one.wins for one in changed}
        | {"merged": lost}
        | ({"set_aside": aside} if aside else {}),
        contact=kept,
        version=version,
    )

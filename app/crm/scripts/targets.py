"""What scripts may name: what their jumps lead to, and their variables."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.scripts import queries
from app.crm.scripts.flow import Flow, Jump, JumpKind
from app.crm.scripts.wording import LEAD

Exists = Callable[[AsyncSession, Sequence[str], Sequence[int]], Awaitable[Collection[str]]]
"""Those of these `ref` that exist and are in use, for scripts of these campaigns."""
_ID_DIGITS: Final = 9


def _ids(refs: Iterable[str]) -> list[int]:
    return [int(ref) for ref in refs if ref.isascii() and ref.isdigit() and len(ref) <= _ID_DIGITS]


async def _articles(session: AsyncSession, refs: Sequence[str], _: Sequence[int]) -> Collection[str]:
    return {str(one) for one in await queries.published_articles(session, _ids(refs))}


async def _orders(session: AsyncSession, refs: Sequence[str], _: Sequence[int]) -> Collection[str]:
    return {"", *await queries.sold_products(session, refs)}


async def _complaints(session: AsyncSession, refs: Sequence[str], _: Sequence[int]) -> Collection[str]:
    return {"", *(str(one) for one in await queries.active_categories(session, _ids(refs)))}


async def _surveys(session: AsyncSession, refs: Sequence[str], _: Sequence[int]) -> Collection[str]:
    return {str(one) for one in await queries.asked_surveys(session, _ids(refs))}


async def _dispositions(
    session: AsyncSession, refs: Sequence[str], campaigns: Sequence[int]
) -> Collection[str]:
    """A code counts where every campaign of the script has it."""
    found = await queries.active_dispositions(session, refs)
    return {
        ref
        for ref in refs
        if (ref, None) in found or (campaigns and all((ref, one) in found for one in campaigns))
    }


EXISTS: Final[dict[JumpKind, Exists]] = {
    JumpKind.ARTICLE: _articles,
    JumpKind.ORDER: _orders,
    JumpKind.COMPLAINT: _complaints,
    JumpKind.SURVEY: _surveys,
    JumpKind.DISPOSITION: _dispositions,
}
"""How each kind is looked up."""


async def missing_jumps(session: AsyncSession, flow: Flow, campaigns: Sequence[int]) -> frozenset[Jump]:
    """The jumps of a script to what does not exist, or is out of use."""
    jumps = {one.jump for one in flow.steps if one.jump is not None}
    missing: set[Jump] = set()
    for kind in sorted({one.to for one in jumps}):
        mine = [one for one in jumps if one.to is kind]
        there = await EXISTS[kind](session, [one.ref for one in mine], campaigns)
        missing |= {one for one in mine if one.ref not in there}
    return frozenset(missing)


async def known_variables(session: AsyncSession, flow: Flow, campaigns: Sequence[int]) -> frozenset[str]:
    """Variables of a script beside those that every script has.

    They are custom fields (`fields.x`), columns of its campaigns' lists (`lead.x`), and answers to its questions
    (`answer.x`).
    """
    found = {f"fields.{code}" for code in await queries.active_fields(session)}
    found |= {f"answer.{one.code}" for one in flow.steps if one.question is not None}
    if campaigns:
        found |= LEAD
    for campaign in campaigns:
        found |= {f"lead.{name}" for name in await queries.columns_of(session, campaign)}
    return frozenset(found)

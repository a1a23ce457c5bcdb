"""The index of contacts as rows: candidates for a query, and contacts that are not indexed yet."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.crm.contact_search.asked import Clause, Term
from app.crm.contact_search.ranking import Candidate
from app.crm.contact_search.tables import DIGITS, LETTERS, VECTOR, ContactSearchRow
from app.crm.contacts.tables import ContactRow
from app.records.base import table_of

RECENT: Final = 2_000
"""The newest contacts, which PostgreSQL looks through before it asks its index: a term that many contacts have is found
among them at once, where the index would first gather all that have it. A thousand more cost each rarer word half a
millisecond.
"""
GATHERED: Final = 2_000
"""How many contacts PostgreSQL gathers from its index before it takes the newest of them."""
WALKED: Final = 20_000
"""How many ids PostgreSQL looks through together for what is too frequent to gather."""
PEOPLE_MOST: Final = 500
"""The most people who are indexed anew at once when the name of their company changes; more are left to the indexer."""
_SEARCH, _CONTACT = table_of(ContactSearchRow), table_of(ContactRow)

_ON_SQLITE: Final = text(
    "SELECT found.id, s.names FROM"
    " (SELECT rowid AS id FROM contact_term WHERE contact_term MATCH :asked AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :most) AS found"
    " JOIN contact_search AS s ON s.contact_id = found.id ORDER BY found.id DESC"
)
_BETWEEN_ON_SQLITE: Final = text(
    "SELECT rowid FROM contact_term WHERE contact_term MATCH :asked AND rowid >= :low AND rowid < :high"
    " ORDER BY rowid DESC"
)


async def candidates(
    session: AsyncSession, clauses: Sequence[Clause], *, before: int, enough: int, most: int
) -> list[Candidate]:
    """Contacts that fulfil all clauses, the newest first.

    Args:
        session: that reads.
        clauses: at least one.
        before: only contacts with a lower id.
        enough: PostgreSQL looks no further when so many of the newest contacts match.
        most: how many at most.
    """
    if session.get_bind().dialect.name == "postgresql":
        found = await _recent(session, clauses, before, most)
        return found if len(found) >= enough else await _gathered(session, clauses, before, most)
    values: dict[str, Any] = {"asked": _fts5(clauses), "before": before, "most": most}
    return [Candidate(*row) for row in await session.execute(_ON_SQLITE, values)]


async def newest_matching(
    session: AsyncSession, clauses: Sequence[Clause], before: int, limit: int
) -> list[int]:
    """Ids of the newest contacts below `before` that fulfil the clauses; unlike `candidates` it leaves none out.

    What PostgreSQL cannot gather whole is frequent, so a walk down from the newest finds it soon.
    """
    if session.get_bind().dialect.name != "postgresql":
        return [one.id for one in await candidates(session, clauses, before=before, enough=limit, most=limit)]
    if len(recent := await _recent(session, clauses, before, limit)) == limit:
        return [one.id for one in recent]
    if len(gathered := await _gathered(session, clauses, before, GATHERED)) < GATHERED:
        return [one.id for one in gathered[:limit]]
    ids: list[int] = []
    while len(ids) < limit and (last := await newest_below(session, before)) is not None:
        before = max(0, last + 1 - WALKED)
        ids += await matching_between(session, clauses, before, last + 1)
    return ids[:limit]


async def matching_between(
    session: AsyncSession, clauses: Sequence[Clause], low: int, high: int
) -> list[int]:
    """All contacts with ids from `low` up to, not including, `high` that fulfil the clauses, the newest first.

    Unlike `candidates` it leaves none out, however many there are; a range of a few thousand ids is quick.
    """
    if not clauses:
        query = select(_CONTACT.c.id).where(_CONTACT.c.id >= low, _CONTACT.c.id < high)
        return list(await session.scalars(query.order_by(_CONTACT.c.id.desc())))
    values: dict[str, Any] = {"low": low, "high": high}
    if session.get_bind().dialect.name == "postgresql":
        condition, terms = _among(clauses)
        asked = text(
            "SELECT contact_id FROM"  # noqa: S608 - the values are parameters
            " (SELECT contact_id, ' ' || terms || ' ' AS terms FROM contact_search"
            " WHERE contact_id >= :low AND contact_id < :high) AS piece"
            f" WHERE {condition} ORDER BY contact_id DESC"
        )
        return list(await session.scalars(asked, values | terms))
    return list(await session.scalars(_BETWEEN_ON_SQLITE, values | {"asked": _fts5(clauses)}))


async def newest_below(session: AsyncSession, before: int) -> int | None:
    """The newest contact with an id below `before`; None: there is none."""
    query = select(_CONTACT.c.id).where(_CONTACT.c.id < before).order_by(_CONTACT.c.id.desc()).limit(1)
    return (await session.scalars(query)).first()


async def newest(session: AsyncSession, before: int, limit: int) -> list[int]:
    """Ids of the newest contacts with an id below `before`, the newest first."""
    query = select(_CONTACT.c.id).where(_CONTACT.c.id < before).order_by(_CONTACT.c.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def _recent(
    session: AsyncSession, clauses: Sequence[Clause], before: int, most: int
) -> list[Candidate]:
    """Those of PostgreSQL's newest `RECENT` contacts that fulfil the clauses."""
    condition, values = _among(clauses)
    asked = text(
        "SELECT contact_id, names FROM"  # noqa: S608 - the values are parameters
        " (SELECT contact_id, names, ' ' || terms || ' ' AS terms FROM contact_search"
        f" WHERE contact_id < :before ORDER BY contact_id DESC LIMIT {RECENT}) AS newest"
        f" WHERE {condition} ORDER BY contact_id DESC LIMIT :most"
    )
    rows = await session.execute(asked, {"before": before, "most": most, **values})
    return [Candidate(*row) for row in rows]


async def _gathered(
    session: AsyncSession, clauses: Sequence[Clause], before: int, most: int
) -> list[Candidate]:
    """The newest of those that PostgreSQL gathers from its index, at most `GATHERED`."""
    condition, values = _among(clauses)
    asked = text(
        "SELECT contact_id, names FROM (SELECT contact_id, names FROM"  # noqa: S608 - the values are parameters
        " (SELECT contact_id, names, ' ' || terms || ' ' AS terms FROM contact_search"
        f" WHERE {VECTOR} @@ CAST(:asked AS tsquery) AND contact_id + 0 < :before) AS indexed"
        f" WHERE {condition} LIMIT {GATHERED}) AS found ORDER BY contact_id DESC LIMIT :most"
    )
    values |= {"asked": _tsquery(clauses)}
    rows = await session.execute(asked, {"before": before, "most": most, **values})
    return [Candidate(*row) for row in rows]


def _among(clauses: Sequence[Clause]) -> tuple[str, dict[str, Any]]:
    """The condition of the clauses on `terms` with a blank on either side, and its parameters."""
    values: dict[str, Any] = {}

    def one(term: Term) -> str:
        name = f"term{len(values)}"
        values[name] = f" {term.text}" if term.begins else f" {term.text} "
        return f"strpos(terms, :{name}) > 0"

    return _spelled(clauses, one, " AND ", " OR "), values


def _fts5(clauses: Sequence[Clause]) -> str:
    """A query of SQLite's: `(("tamm"*) OR ("~tamm"*)) AND (("#5550"*))`."""
    return _spelled(clauses, lambda term: f'"{term.text}"{"*" if term.begins else ""}', " AND ", " OR ")


def _tsquery(clauses: Sequence[Clause]) -> str:
    """PostgreSQL's query that no contact fails who fulfils the clauses: `(('^vladim') | ('^~vladim')) & (('^#55'))`."""
    return _spelled(clauses, _lexeme, " & ", " | ")


def _lexeme(term: Term) -> str:
    """A term of PostgreSQL's query. A beginning is a term of its own there, of a long word its first letters: hundreds
    of terms may begin so, and `:*` would first gather the contacts of each, also where another word leaves few of them.
    """
    sign = term.text[:1] if term.text[:1] in "#~@" else ""
    most = len(sign) + (DIGITS if sign == "#" else LETTERS)
    if not term.begins:
        return f"'{term.text}'"
    if sign == "@" or (sign == "#" and len(term.text) > most):
        return f"'{term.text}':*"
    return f"'^{term.text[:most]}'"


def _spelled(clauses: Sequence[Clause], one: Callable[[Term], str], both: str, either: str) -> str:
    return both.join(
        "(" + either.join("(" + both.join(map(one, all_)) + ")" for all_ in clause.any) + ")"
        for clause in clauses
    )


async def outdated(session: AsyncSession, form: int, limit: int) -> list[int]:
    """Ids of contacts whose terms an older version made, or that were marked; at most `limit`."""
    old = select(_SEARCH.c.contact_id).where(_SEARCH.c.form < form).order_by(_SEARCH.c.form).limit(limit)
    return list(await session.scalars(old))


async def unindexed(session: AsyncSession, form: int, limit: int) -> list[int]:
    """The same, and contacts without terms; it looks through all contacts."""
    ids = await outdated(session, form, limit)
    if len(ids) == limit:
        return ids
    missing = (
        select(_CONTACT.c.id)
        .outerjoin(_SEARCH, _SEARCH.c.contact_id == _CONTACT.c.id)
        .where(_SEARCH.c.contact_id.is_(None))
        .limit(limit - len(ids))
    )
    return ids + list(await session.scalars(missing))


def save(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Save the terms of contacts; the mappings have the columns of `ContactSearchRow`."""
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_SEARCH)
    changed = {name: statement.excluded[name] for name in ("names", "terms", "form", "compared")}
    session.execute(
        statement.on_conflict_do_update(index_elements=[_SEARCH.c.contact_id], set_=changed), list(rows)
    )


def employers_of(session: Session, contacts: Collection[int]) -> set[int]:
    """The companies that people work for: they are found by their people."""
    employer = _CONTACT.c.employer_id
    return set(session.scalars(select(employer).where(_CONTACT.c.id.in_(contacts), employer.is_not(None))))


def people_of(session: Session, companies: Collection[int]) -> set[int]:
    """The first people of companies, at most one more than `PEOPLE_MOST`."""
    mine = select(_CONTACT.c.id).where(_CONTACT.c.employer_id.in_(companies)).limit(PEOPLE_MOST + 1)
    return set(session.scalars(mine))


def mark_people(session: Session, companies: Collection[int]) -> None:
    """Leave all people of companies to the indexer, as they are found by the companies' names."""
    people = select(_CONTACT.c.id).where(_CONTACT.c.employer_id.in_(companies))
    session.execute(update(_SEARCH).where(_SEARCH.c.contact_id.in_(people)).values(form=0))

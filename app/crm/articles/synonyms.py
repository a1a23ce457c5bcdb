"""Synonyms that people write, beside those that come with the program."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.articles import queries
from app.crm.articles.errors import SynonymsTaken, SynonymsUnknown
from app.crm.articles.tables import SynonymRow
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version
from app.retrieval.concepts import Concept, Concepts, shipped


async def load_concepts(session: AsyncSession) -> Concepts:
    """The concepts in use: those of the program, and over them those of the centre."""
    own = [
        Concept(row.code, {"et": row.et, "ru": row.ru, "en": row.en} if row.active else {})
        for row in await queries.list_synonyms(session)
    ]
    return await asyncio.to_thread(lambda: Concepts([*shipped(), *own]))  # a third of a second of stemming


async def make_synonyms(session: AsyncSession, fields: Mapping[str, Any]) -> SynonymRow:
    """Keep synonyms.

    Raises:
        SynonymsTaken: there are some with this code.
    """
    with refused_as(SynonymsTaken(synonyms=fields["code"])):
        return await queries.save_synonyms(session, SynonymRow(**fields))


async def change_synonyms(session: AsyncSession, id_: int, fields: Mapping[str, Any]) -> SynonymRow:
    """Change synonyms whole.

    Raises:
        SynonymsUnknown: there are none.
        SynonymsTaken: others have this code.
    """
    row = await queries.get_synonyms(session, id_)
    if row is None:
        raise SynonymsUnknown(synonyms=id_)
    was = columns_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    raise_version(row, was)
    with refused_as(SynonymsTaken(synonyms=fields["code"])):
        return await queries.save_synonyms(session, row)

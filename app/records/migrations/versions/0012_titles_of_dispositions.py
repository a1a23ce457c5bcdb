"""Dispositions have a title in each language, and a new installation has some to begin with.

Revision: 0012
After: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BUILT_IN: tuple[tuple[str, frozenset[str], str, str, str], ...] = (
    ("sale", frozenset({"human", "sale"}), "Tellis", "Заказ", "Ordered"),
    ("reached", frozenset({"human"}), "Räägitud", "Поговорили", "Talked"),
    ("callback", frozenset({"human", "callback"}), "Helistada tagasi", "Перезвонить", "Call back"),
    ("not_interested", frozenset({"human"}), "Ei soovi", "Не интересует", "Not interested"),
    (
        "do_not_call",
        frozenset({"human", "do_not_call"}),
        "Mitte enam helistada",
        "Больше не звонить",
        "Do not call again",
    ),
    ("wrong_number", frozenset({"human", "unworkable"}), "Vale number", "Не тот номер", "Wrong number"),
    (
        "answering_machine",
        frozenset({"answering_machine"}),
        "Automaatvastaja",
        "Автоответчик",
        "Answering machine",
    ),
)
_FLAGS = ("human", "sale", "do_not_call", "callback", "unworkable", "answering_machine")


def upgrade() -> None:
    op.add_column("disposition", sa.Column("titles", Json, nullable=False, server_default="{}"))
    if _is_new():
        op.bulk_insert(
            sa.table(
                "disposition",
                sa.column("code", sa.String),
                sa.column("title", sa.String),
                sa.column("titles", Json),
                *(sa.column(flag, sa.Boolean) for flag in _FLAGS),
                sa.column("position", sa.Integer),
                sa.column("active", sa.Boolean),
            ),
            [
                {
                    "code": code,
                    "title": estonian,
                    "titles": {"et": estonian, "ru": russian, "en": english},
                    **{flag: flag in flags for flag in _FLAGS},
                    "position": place * 10,
                    "active": True,
                }
                for place, (code, flags, estonian, russian, english) in enumerate(_BUILT_IN, 1)
            ],
        )


def _is_new() -> bool:
    """Whether the installation is new: it has no user and no disposition yet."""
    there = [
        sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        for name in ("user_account", "disposition")
    ]
    return all(op.get_bind().scalar(one) is None for one in there)


def downgrade() -> None:
    op.drop_column("disposition", "titles")

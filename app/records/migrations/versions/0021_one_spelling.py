"""Callers have one spelling, and what was sent beside it; numbers that an older version kept are read again.

Revision: 0021
After: 0020

An older version kept text that it could not read, and took separators out of what it could. What is certain now gets
the one spelling. What is not stays as it is, where it can be seen: a consent is `unreadable`, a number not usable.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import structlog
from alembic import context, op

from app.numbers.errors import NumberUnreadable
from app.numbers.reader import caller_key, contact_key, read_numbers
from app.system.logs import mask_number

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_log = structlog.get_logger(__name__)
_CONSENT = sa.table("consent", sa.column("id"), sa.column("number"))
_PHONE = sa.table("phone", sa.column("id"), sa.column("contact_id"), sa.column("e164"), sa.column("raw"))
_CALL = sa.table("call", sa.column("caller_number"), sa.column("caller_sent"))
_CAMPAIGN = sa.table("campaign", sa.column("id"), sa.column("country"))
_NUMBER = sa.table(
    "lead_number",
    *(sa.column(name) for name in ("lead_id", "position", "campaign_id", "e164", "raw", "extension")),
    sa.column("usable", sa.Boolean),
)
_BATCH = 1000


def upgrade() -> None:
    op.add_column("call", sa.Column("caller_sent", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "call", sa.Column("number_withheld", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection = op.get_bind()
    region: str = context.config.attributes.get("region", "")
    _read_callers(connection, region)
    _read_consents(connection, region)
    _read_phones(connection, region)
    _read_leads(connection)


def downgrade() -> None:
    op.drop_column("call", "number_withheld")
    op.drop_column("call", "caller_sent")


def _read_callers(connection: sa.Connection, region: str) -> None:
    number = _CALL.c.caller_number
    sent = connection.scalars(sa.select(number).where(_is_other(number), number != "").distinct()).all()
    for one in sent:
        key = caller_key(one, region)
        if key != one:
            change = sa.update(_CALL).where(number == one).values(caller_number=key, caller_sent=one)
            connection.execute(change)


def _is_other(number: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """A condition: the number is not a plus and digits."""
    rest = sa.func.ltrim(sa.func.substr(number, 2), "0123456789")
    return sa.or_(number.not_like("+%"), rest != "")


def _read_consents(connection: sa.Connection, region: str) -> None:
    """Read the numbers in consents whose text stopped no call; a text with several numbers becomes several consents."""
    whole = sa.Table("consent", sa.MetaData(), autoload_with=connection)
    kept = connection.execute(
        sa.select(_CONSENT.c.id, _CONSENT.c.number).where(_is_other(_CONSENT.c.number))
    ).all()
    for id_, text in kept:
        read = read_numbers(text, region)
        if not read.numbers:
            _log.warning("consent_unreadable", consent=id_, number=mask_number(text))
            continue
        first, *others = [one.e164 for one in read.numbers]
        connection.execute(sa.update(_CONSENT).where(_CONSENT.c.id == id_).values(number=first))
        row = connection.execute(sa.select(whole).where(whole.c.id == id_)).mappings().one()
        for other in others:
            copy = {name: value for name, value in row.items() if name != "id"} | {"number": other}
            connection.execute(sa.insert(whole).values(copy))


def _read_phones(connection: sa.Connection, region: str) -> None:
    after = 0
    while some := connection.execute(
        sa.select(_PHONE).where(_PHONE.c.id > after).order_by(_PHONE.c.id).limit(_BATCH)
    ).all():
        after = some[-1].id
        for row in some:
            if _is_plain(row.raw, row.e164):
                continue
            try:
                key = contact_key(row.raw, region)
            except NumberUnreadable as error:
                _log.warning(
                    "phone_unreadable", contact=row.contact_id, number=mask_number(row.raw), why=error.code
                )
                continue
            if key == row.e164:
                continue
            has = sa.select(_PHONE.c.id).where(_PHONE.c.contact_id == row.contact_id, _PHONE.c.e164 == key)
            if connection.execute(has).first() is None:
                connection.execute(sa.update(_PHONE).where(_PHONE.c.id == row.id).values(e164=key))


def _read_leads(connection: sa.Connection) -> None:
    """Dial no number any more that is not certain: a separator may have been taken out of it."""
    countries = {row.id: row.country for row in connection.execute(sa.select(_CAMPAIGN))}
    for campaign, country in countries.items():
        after = -1
        while some := connection.execute(
            sa.select(_NUMBER)
            .where(_NUMBER.c.campaign_id == campaign, _NUMBER.c.lead_id > after)
            .order_by(_NUMBER.c.lead_id)
            .limit(_BATCH)
        ).all():
            last = some[-1].lead_id
            whole = [row for row in some if row.lead_id != last] or some  # a lead's numbers stay together
            after = whole[-1].lead_id
            for row in whole:
                if not row.usable or _is_plain(row.raw, row.e164):
                    continue
                read = {one.e164: one for one in read_numbers(row.raw, country).numbers}
                values: dict[str, object] = {"usable": False}
                if row.e164 in read:
                    values = {"extension": read[row.e164].extension}
                else:
                    _log.warning("lead_number_unreadable", lead=row.lead_id, number=mask_number(row.e164))
                here = sa.and_(_NUMBER.c.lead_id == row.lead_id, _NUMBER.c.position == row.position)
                connection.execute(sa.update(_NUMBER).where(here).values(**values))


def _is_plain(raw: str, e164: str) -> bool:
    """Whether a text is its number, without anything around it: most are."""
    digits = raw.replace(" ", "").removeprefix("+")
    return digits.isdecimal() and len(digits) >= 7 and e164.startswith("+") and e164.endswith(digits)

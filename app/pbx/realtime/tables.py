"""The tables that Asterisk reads for softphones and numbers: accounts, their secrets, addresses, routes.

They are defined here and written by `softphones` and `lent_secrets`.
"""

import secrets
from typing import Final

from sqlalchemy import Column, Connection, Integer, String, Table, inspect, text
from sqlalchemy.schema import CreateColumn

from app.pbx.realtime.database import metadata

PICKUP_GROUP: Final = "keskus"  # any softphone may pick up another that rings
IN_PAGE: Final = "-page"


def auth_name(account: str, *, browser: bool) -> str:
    """The row with an account's secret. The phone in the page has one of its own, so that the desk phone keeps its
    secret while it is not used.
    """
    return f"{account}{IN_PAGE}" if browser else account


def new_secret() -> str:
    """A secret that begins with a letter: phones such as SIPp read one that begins with 0x as a number."""
    return "k" + secrets.token_urlsafe(24)


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, String(255)) for name in names]


endpoint_table = Table(
    "ps_endpoints",
    metadata,
    Column("id", String(80), primary_key=True),
    *_text("aors", "auth", "context", "disallow", "allow", "callerid", "language", "webrtc"),
    *_text("dtls_auto_generate_cert", "direct_media", "rtp_symmetric", "force_rport", "rewrite_contact"),
    *_text("allow_subscribe", "allow_transfer", "trust_id_inbound", "dtmf_mode", "media_encryption"),
    Column("named_call_group", String(255), server_default=PICKUP_GROUP),
    Column("named_pickup_group", String(255), server_default=PICKUP_GROUP),
    Column("device_state_busy_at", Integer),
)
auth_table = Table(
    "ps_auths",
    metadata,
    Column("id", String(80), primary_key=True),
    *_text("auth_type", "username", "password"),
    # No options of Asterisk's: when a lent secret ends, in seconds since 1970, and the log-in that it was lent in.
    Column("keskus_until", Integer),
    Column("keskus_session", Integer),
)
aor_table = Table(
    "ps_aors",
    metadata,
    Column("id", String(80), primary_key=True),
    *(Column(name, Integer) for name in ("max_contacts", "qualify_frequency", "default_expiration")),
    *(Column(name, Integer) for name in ("minimum_expiration", "maximum_expiration")),
    *_text("remove_existing", "remove_unavailable", "qualify_timeout"),
)
route_table = Table(
    "keskus_routes",
    metadata,
    Column("number", String(40), primary_key=True),
    *_text("kind", "target", "answer", "music", "language", "skills"),
    Column("priority", Integer),
)

away_table = Table(
    "keskus_away",
    metadata,
    Column("number", String(40), primary_key=True),
    *_text("trunk", "caller_id"),
)


def add_missing_columns(connection: Connection) -> None:
    """Add the columns that tables of an older version lack, with their defaults."""
    for table in (endpoint_table, auth_table):
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                written = CreateColumn(column).compile(connection)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {written}"))

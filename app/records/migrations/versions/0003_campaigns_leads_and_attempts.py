"""Campaigns, leads and attempts.

Revision: 0003
After: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, UtcDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


DIGITS = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _index(name: str, table: str, columns: list[str], *, unique: bool = False, only: str = "") -> None:
    where = {"sqlite_where": sa.text(only), "postgresql_where": sa.text(only)} if only else {}
    op.create_index(name, table, columns, unique=unique, **where)  # type: ignore[arg-type]


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=150), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", DIGITS, nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("runner", sa.String(length=80), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("connected_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cause", sa.Integer(), nullable=True),
        sa.Column("amd", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(length=150), nullable=True),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("disposition_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    _index("ix_attempt_campaign_id_placed_at", "attempt", ["campaign_id", "placed_at", "id"])
    _index("ix_attempt_lead_id_placed_at", "attempt", ["lead_id", "placed_at"])
    _index("ix_attempt_number_placed_at", "attempt", ["number", "placed_at"])
    _index("ix_attempt_open", "attempt", ["id"], only="outcome IS NULL")

    op.create_table(
        "campaign_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_change")),
    )
    _index("ix_campaign_change_campaign_id_id", "campaign_change", ["campaign_id", "id"])

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("caller_id", sa.String(), nullable=False),
        sa.Column("trunk", sa.String(), nullable=False),
        sa.Column("ring_s", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Float(), nullable=False),
        sa.Column("preview_s", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("abandon_limit", sa.Float(), nullable=False),
        sa.Column("connect_s", sa.Float(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("detect_machines", sa.Boolean(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("machine_message", sa.String(), nullable=False),
        sa.Column("amd_parameters", Json, nullable=False),
        sa.Column("hours", Json, nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("recycling", Json, nullable=False),
        sa.Column("callback_wait_s", sa.Integer(), nullable=False),
        sa.Column("disposition_required", sa.Boolean(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["queue"], ["queue.id"], name=op.f("fk_campaign_queue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("title", name=op.f("uq_campaign_title")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "disposition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("human", sa.Boolean(), nullable=False),
        sa.Column("sale", sa.Boolean(), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("callback", sa.Boolean(), nullable=False),
        sa.Column("unworkable", sa.Boolean(), nullable=False),
        sa.Column("answering_machine", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_disposition_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition")),
        sa.UniqueConstraint("campaign_id", "code", name=op.f("uq_disposition_campaign_id_code")),
    )
    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("reading", Json, nullable=False),
        sa.Column("runner", sa.String(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rejected_bytes", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_import_job_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
        sqlite_autoincrement=True,
    )
    _index("ix_import_job_campaign_id", "import_job", ["campaign_id"])

    op.create_table(
        "lead",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("patronymic", sa.String(), nullable=False),
        sa.Column("company_name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("variables", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("next_position", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.String(length=150), nullable=True),
        sa.Column("runner", sa.String(length=80), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("callback_at", UtcDateTime(), nullable=True),
        sa.Column("callback_operator", sa.Integer(), nullable=True),
        sa.Column("import_job_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_lead_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_lead_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("campaign_id", "external_id", name=op.f("uq_lead_campaign_id_external_id")),
        sqlite_autoincrement=True,
    )
    _index(
        "ix_lead_callback",
        "lead",
        ["campaign_id", "callback_at"],
        only="state = 'ready' AND callback_at IS NOT NULL",
    )
    _index("ix_lead_callbacks", "lead", ["callback_at", "id"], only="callback_at IS NOT NULL")
    _index("ix_lead_campaign_id_state_id", "lead", ["campaign_id", "state", "id"])
    _index("ix_lead_contact_id_campaign_id", "lead", ["contact_id", "campaign_id"], unique=True)
    _index("ix_lead_import_job_id", "lead", ["import_job_id"])
    _index(
        "ix_lead_ready", "lead", ["campaign_id", "rank", "id"], only="state = 'ready' AND callback_at IS NULL"
    )
    _index("ix_lead_reserved", "lead", ["lease_until"], only="state = 'reserved'")
    _index("ix_lead_waiting", "lead", ["campaign_id", "next_at"], only="state = 'waiting'")

    op.create_table(
        "engaged",
        sa.Column("key", DIGITS, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name=op.f("fk_engaged_lead_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_engaged")),
    )
    _index("ix_engaged_lead_id", "engaged", ["lead_id"])

    op.create_table(
        "lead_number",
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("e164", DIGITS, nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.id"], name=op.f("fk_lead_number_lead_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lead_id", "position", name=op.f("pk_lead_number")),
        sa.UniqueConstraint("campaign_id", "e164", name=op.f("uq_lead_number_campaign_id_e164")),
    )


def downgrade() -> None:
    op.drop_table("lead_number")
    op.drop_table("engaged")
    op.drop_table("lead")
    op.drop_table("import_job")
    op.drop_table("disposition")
    op.drop_table("campaign")
    op.drop_table("campaign_change")
    op.drop_table("attempt")

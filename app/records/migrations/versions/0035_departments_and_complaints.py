"""Departments and complaints, with some categories to begin with.

Revision: 0035
After: 0034
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, UtcDateTime

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


_CATEGORIES = (
    ("Toote kvaliteet", "Quality of a product", "Качество товара"),
    ("Tarne", "Delivery", "Доставка"),
    ("Arve", "Invoice", "Счёт"),
    ("Teenindus", "Service", "Обслуживание"),
    ("Leping", "Contract", "Договор"),
    ("Muu", "Other", "Другое"),
)


def upgrade() -> None:
    op.create_table(
        "department",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("warning_minutes", sa.Integer(), nullable=False),
        sa.Column("patience_minutes", sa.Integer(), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("deputy", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", Json, nullable=False),
        sa.Column("allowed_minutes", Json, nullable=False),
        sa.Column("reach_kind", sa.String(), nullable=False),
        sa.Column("reach_target", sa.String(), nullable=False),
        sa.Column("fallback_kind", sa.String(), nullable=False),
        sa.Column("fallback_target", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deputy"], ["user_account.id"], name=op.f("fk_department_deputy"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sqlite_autoincrement=True,
    )
    categories = op.create_table(
        "complaint_category",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"],
            ["department.id"],
            name=op.f("fk_complaint_category_department"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_category")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "department_day",
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", Json, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_department_day_department_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("department_id", "day", name=op.f("pk_department_day")),
    )
    op.create_table(
        "department_member",
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_department_member_department_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_department_member_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("department_id", "user_id", name=op.f("pk_department_member")),
    )
    with op.batch_alter_table("department_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_department_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.Integer(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("told_user", sa.Integer(), nullable=True),
        sa.Column("told_department", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.String(length=150), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_by_name", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("alarm", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("satisfaction_note", sa.Text(), nullable=False),
        sa.Column("satisfaction_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category"], ["complaint_category.id"], name=op.f("fk_complaint_category"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_complaint_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["department.id"], name=op.f("fk_complaint_department"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["user_account.id"], name=op.f("fk_complaint_owner"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["told_department"],
            ["department.id"],
            name=op.f("fk_complaint_told_department"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["told_user"], ["user_account.id"], name=op.f("fk_complaint_told_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_complaint_department", ["department", "id"], unique=False)
        batch_op.create_index(
            "ix_complaint_due_at",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL AND state NOT IN ('solved', 'rejected')"),
            postgresql_where=sa.text("due_at IS NOT NULL AND state NOT IN ('solved', 'rejected')"),
        )
        batch_op.create_index(
            "ix_complaint_next_at",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_complaint_owner", ["owner", "id"], unique=False)

    op.create_table(
        "complaint_event",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=True),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("call_id", sa.String(length=150), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_event_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_event")),
    )
    with op.batch_alter_table("complaint_event", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_event_complaint_id_id", ["complaint_id", "id"], unique=False)

    op.create_table(
        "complaint_link",
        sa.Column("complaint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ref", sa.String(length=150), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_link_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_complaint_link_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("complaint_id", "kind", "ref", name=op.f("pk_complaint_link")),
    )
    with op.batch_alter_table("complaint_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_link_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index("ix_complaint_link_kind_ref", ["kind", "ref"], unique=False)

    op.create_table(
        "complaint_note",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("call_id", sa.String(length=150), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_note_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_complaint_note_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_note")),
    )
    with op.batch_alter_table("complaint_note", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_note_complaint_id_id", ["complaint_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_note_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "complaint_task",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee", sa.Integer(), nullable=True),
        sa.Column("assignee_name", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by_name", sa.String(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("told_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee"], ["user_account.id"], name=op.f("fk_complaint_task_assignee"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaint.id"],
            name=op.f("fk_complaint_task_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_complaint_task_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_task")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("complaint_task", schema=None) as batch_op:
        batch_op.create_index("ix_complaint_task_assignee", ["assignee", "id"], unique=False)
        batch_op.create_index("ix_complaint_task_complaint_id", ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_task_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_complaint_task_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND withdrawn_at IS NULL AND NOT told_late"),
            postgresql_where=sa.text("done_at IS NULL AND withdrawn_at IS NULL AND NOT told_late"),
        )
    op.bulk_insert(
        categories,
        [
            {
                "title": et,
                "titles": {"en": en, "ru": ru},
                "severity": "normal",
                "position": place,
                "active": True,
            }
            for place, (et, en, ru) in enumerate(_CATEGORIES)
        ],
    )


def downgrade() -> None:
    for table in (
        "complaint_task",
        "complaint_note",
        "complaint_link",
        "complaint_event",
        "complaint",
        "department_member",
        "department_day",
        "complaint_category",
        "department",
    ):
        op.drop_table(table)

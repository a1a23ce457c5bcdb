"""People of companies, e-mail addresses, owners and custom fields of contacts.

Revision: 0037
After: 0036
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import BigInt, OrderedJson

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("registry_code", "job_title"):
        op.add_column("contact", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("employer_id", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("owner_id", sa.Integer(), nullable=True))
    for name, columns, condition in (
        ("registry_code", ["registry_code"], "registry_code <> ''"),
        ("employer_id_search", ["employer_id", "search", "id"], "employer_id IS NOT NULL"),
        ("owner_id", ["owner_id", "id"], "owner_id IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(f"ix_contact_{name}", "contact", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_contact_served", "contact", ["last_served_at", "id"])
    op.add_column("phone", sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE phone SET preferred = true"
        " WHERE NOT EXISTS (SELECT 1 FROM phone AS other"
        " WHERE other.contact_id = phone.contact_id AND other.id < phone.id)"
    )
    op.create_table(
        "email",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_email_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email")),
        sa.UniqueConstraint("contact_id", "folded", name=op.f("uq_email_contact_id_folded")),
    )
    op.create_index("ix_email_folded_contact_id", "email", ["folded", "contact_id"])
    op.create_table(
        "custom_field",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("titles", OrderedJson, nullable=False),
        sa.Column("choices", OrderedJson, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_custom_field")),
    )
    op.create_table(
        "custom_value",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_custom_value_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["custom_field.code"], name=op.f("fk_custom_value_code")),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_custom_value")),
    )
    op.create_index(
        "ix_custom_value_code_folded_contact_id", "custom_value", ["code", "folded", "contact_id"]
    )


def downgrade() -> None:
    op.drop_table("custom_value")
    op.drop_table("custom_field")
    op.drop_table("email")
    op.drop_column("phone", "preferred")
    for name in ("served", "owner_id", "employer_id_search", "registry_code"):
        op.drop_index(f"ix_contact_{name}", "contact")
    for name in ("owner_id", "employer_id", "job_title", "registry_code"):
        op.drop_column("contact", name)

"""Products, price lists and orders; the VAT rates of Estonia.

Revision: 0036
After: 0035
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, Money, UtcDateTime

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ESTONIA = (
    ("standard", "2009-07-01", "20"),
    ("standard", "2024-01-01", "22"),
    ("standard", "2025-07-01", "24"),
    ("reduced", "2009-01-01", "9"),
    ("accommodation", "2009-01-01", "9"),
    ("accommodation", "2025-01-01", "13"),
    ("press", "2009-01-01", "9"),
    ("press", "2022-08-01", "5"),
    ("press", "2025-01-01", "9"),
    ("zero", "2009-01-01", "0"),
    ("exempt", "2009-01-01", "0"),
)


def upgrade() -> None:
    op.create_table(
        "order_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_order_number")),
    )
    op.create_table(
        "product",
        sa.Column("name_et", sa.String(), nullable=False),
        sa.Column("name_ru", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("net_price", Money(), nullable=False),
        sa.Column("vat", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("active_from", UtcDateTime(), nullable=True),
        sa.Column("active_until", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded_code", sa.String(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("folded_code", name=op.f("uq_product_folded_code")),
    )
    vat_rate = op.create_table(
        "vat_rate",
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("percent", Money(), nullable=False),
        sa.PrimaryKeyConstraint("category", "valid_from", name=op.f("pk_vat_rate")),
    )
    op.bulk_insert(
        vat_rate,
        [
            {"category": category, "valid_from": date.fromisoformat(day), "percent": Decimal(percent)}
            for category, day, percent in ESTONIA
        ],
    )
    op.create_table(
        "customer_order",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("wished_at", UtcDateTime(), nullable=True),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("queue", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("draft_lines", Json, nullable=False),
        sa.Column("net", Money(), nullable=True),
        sa.Column("vat", Money(), nullable=True),
        sa.Column("gross", Money(), nullable=True),
        sa.Column("vat_rates", Json, nullable=False),
        sa.Column("rounding", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("repeat_of", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("placed_version", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_customer_order_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["repeat_of"],
            ["customer_order.id"],
            name=op.f("fk_customer_order_repeat_of"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_order_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_order_call_id", "customer_order", ["call_id"])
    op.create_index("ix_customer_order_contact_id", "customer_order", ["contact_id"])
    op.create_index("ix_customer_order_placed_at", "customer_order", ["placed_at"])
    op.create_index("ix_customer_order_state_id", "customer_order", ["state", "id"])
    op.create_index("ix_customer_order_user_id_placed_at", "customer_order", ["user_id", "placed_at"])
    op.create_table(
        "price_list",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_price_list_tag_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint("folded", name=op.f("uq_price_list_folded")),
    )
    op.create_index("ix_price_list_tag_id", "price_list", ["tag_id"])
    op.create_table(
        "product_category",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_category_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "folded", name=op.f("pk_product_category")),
    )
    op.create_index("ix_product_category_folded_product_id", "product_category", ["folded", "product_id"])
    op.create_table(
        "product_stock",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("keeping", sa.String(), nullable=False),
        sa.Column("counted", Money(), nullable=False),
        sa.Column("low_at", Money(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_stock_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_stock")),
    )
    op.create_table(
        "contact_terms",
        sa.Column("price_list_id", sa.Integer(), nullable=True),
        sa.Column("discount", Money(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_terms_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["price_list_id"],
            ["price_list.id"],
            name=op.f("fk_contact_terms_price_list_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_terms")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_contact_terms_contact_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "order_line",
        sa.Column("name_et", sa.String(), nullable=False),
        sa.Column("name_ru", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("promotion_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quantity", Money(), nullable=False),
        sa.Column("net_price", Money(), nullable=False),
        sa.Column("discount", Money(), nullable=False),
        sa.Column("net", Money(), nullable=False),
        sa.Column("vat", sa.String(), nullable=False),
        sa.Column("vat_percent", Money(), nullable=False),
        sa.Column("returned", Money(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_order_line_order_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index("ix_order_line_order_id", "order_line", ["order_id"])
    op.create_index("ix_order_line_product_id_order_id", "order_line", ["product_id", "order_id"])
    op.create_table(
        "price",
        sa.Column("net_price", Money(), nullable=False),
        sa.Column("price_list_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["price_list_id"], ["price_list.id"], name=op.f("fk_price_price_list_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_price_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("price_list_id", "product_id", name=op.f("pk_price")),
    )
    op.create_index("ix_price_product_id", "price", ["product_id"])


def downgrade() -> None:
    op.drop_table("price")
    op.drop_table("order_line")
    op.drop_table("contact_terms")
    op.drop_table("product_stock")
    op.drop_table("product_category")
    op.drop_table("price_list")
    op.drop_table("customer_order")
    op.drop_table("vat_rate")
    op.drop_table("product")
    op.drop_table("order_number")

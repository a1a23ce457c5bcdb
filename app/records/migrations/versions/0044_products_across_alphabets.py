"""Products are searched in ASCII letters, whatever the alphabet of their names.

Revision: 0044
After: 0043
"""

import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMES = ("code", "name_et", "name_ru", "name_en")
_PRODUCT = sa.table(
    "product", sa.column("id", sa.Integer()), sa.column("search", sa.Text()), *map(sa.column, _NAMES)
)


def upgrade() -> None:
    """Fold codes and names anew; there are at most 50,000 products."""
    connection = op.get_bind()
    for id_, *names in connection.execute(
        sa.select(_PRODUCT.c.id, *(_PRODUCT.c[one] for one in _NAMES))
    ).all():
        folded = _folded(" ".join(names))
        connection.execute(sa.update(_PRODUCT).where(_PRODUCT.c.id == id_).values(search=folded))


def _folded(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - each start reads the migrations; this one runs once

    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    kept = (one if one.isalnum() else " " for one in unicodedata.normalize("NFC", plain))
    words = ("".join(filter(str.isalnum, word)) for word in anyascii("".join(kept)).lower().split())
    return " ".join(word for word in words if word)


def downgrade() -> None:
    """The words stay in ASCII letters until a product is saved again."""

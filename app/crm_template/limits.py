"""How much is read of what a CRM answers."""

from typing import Final

ANSWER_MOST: Final = 256 * 1024
"""How long an answer may be, in bytes."""

"""A campaign under its own rules alone, which calls at any hour: whatever else a test is about."""

from typing import Any, Final

OWN_RULES: Final[dict[str, Any]] = {
    "rule_set": "own",
    "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00"}],
    "holidays": True,
}

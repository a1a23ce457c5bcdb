"""What a user may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a user may do."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

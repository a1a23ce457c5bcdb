"""Where something is used, as the API shows it."""

from enum import StrEnum

from pydantic import ConfigDict

from app.api.schemas import Shown


class Used(StrEnum):
    """The kinds of things that others name."""

    QUEUE = "queue"
    OPERATOR = "operator"
    USER = "user"
    ROLE = "role"
    DEPARTMENT = "department"
    COMPLAINT_CATEGORY = "complaint_category"
    PRODUCT = "product"


class UseOut(Shown):
    """Something that names the thing that was asked for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "route", "id": "3726000100", "title": "3726000100"}]}
    )

    kind: str
    """Its kind, as the audit log has it: `route`, `queue`, `operator`, `campaign`, `department`, `article`..."""
    id: str
    """Its id."""
    title: str
    """Its title, its name, or its number."""

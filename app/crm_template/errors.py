"""What is wrong with a template, or with a text of it."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a template."""

    NOT_XML = "not_xml"
    ENTITIES = "entities"
    """It declares a document type or entities."""
    TOO_LARGE = "too_large"
    NOT_A_TEMPLATE = "not_a_template"
    """Its root is not `Crm`."""
    NO_LOOKUP = "no_lookup"
    """It has no scenario that finds a caller by number."""
    AUTHENTICATION = "authentication"
    SCENARIO_TYPE = "scenario_type"
    """It asks a database, not a web service."""
    REQUEST_TYPE = "request_type"
    ENCODING = "encoding"
    RESPONSE_TYPE = "response_type"
    RULE_TYPE = "rule_type"
    MISSING = "missing"
    """It names a scenario that it does not have, or lacks an attribute."""
    EXPRESSION = "expression"
    """A text calls something that does not exist here, or its brackets do not match."""
    URL = "url"
    """An address does not begin with `http://`, `https://` or a variable, or has a user before its host."""


class TemplateUnfit(Exception):
    """The template cannot be used.

    Args:
        fault: what is wrong.
        where: the element or the text concerned, as the template has it.
    """

    def __init__(self, fault: Fault, where: str) -> None:
        super().__init__(f"{fault.value}: {where}")
        self.fault, self.where = fault, where[:200]


class ExpressionUnfit(Exception):
    """A text cannot be evaluated; the message says why."""


class AnswerUnreadable(Exception):
    """What the CRM answered is not what the template says it is; the message says why, without the answer."""

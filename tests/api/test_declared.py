"""Every error that an operation may answer stands in OpenAPI by its code, and every code in the docs."""

from app.api.errors import RowsConflict
from app.domain.errors import REFUSALS
from app.service.reference import codes

from .declared import codes_of, declared
from .house import House

NO_PROBLEM = {("/readyz", "503")}
"""What is told there is no error, but what is not ready."""


async def test_each_operation_names_the_codes_of_its_errors(house: House) -> None:
    unnamed = [
        f"{method} {path} {status}"
        for path, operations in house.api.openapi()["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
        if int(status) >= 400
        and (path, status) not in NO_PROBLEM
        and (not (named := declared(operation, int(status))) or not named <= set(REFUSALS))
    ]
    assert not unnamed


async def test_a_code_is_looked_for_at_the_operation_that_answers(house: House) -> None:
    assert "contact.unknown" in codes_of(house.api, "GET", "/api/v1/contacts/7", 404)
    assert "contact.unknown" not in codes_of(house.api, "GET", "/api/v1/contacts/7", 409)
    assert "contact.unknown" not in codes_of(house.api, "GET", "/api/v1/contacts", 404)
    assert codes_of(house.api, "GET", "/nowhere", 404) >= {"address.unknown"}


async def test_each_operation_that_may_change_rows_names_the_conflict_of_two_requests(house: House) -> None:
    misnamed = [
        f"{method} {path}"
        for path, operations in house.api.openapi()["paths"].items()
        for method, operation in operations.items()
        if (RowsConflict.code in declared(operation, 409)) is (method == "get")
    ]
    assert not misnamed


def test_the_page_of_codes_is_as_the_codes_are() -> None:
    assert codes.FILE.read_text() == codes.document(), "python -m app.service.reference.codes"

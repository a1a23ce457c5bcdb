"""What is stored stays readable, and is written by names that stay: each form against its examples."""

import json
from typing import Any, get_args

import pytest
from sqlalchemy import JSON

from app.crm import metadata
from app.records import event_table
from app.records.packing import unpack
from app.records.timeline import KINDS, CallFact, read
from tests.stored import rows, spool, timeline
from tests.stored.form import EXAMPLES, Form, area, as_json, examples

FORMS: list[Form] = [*timeline.FORMS, *spool.FORMS, *rows.FORMS]
by_name = pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.area}.{form.name}")


@by_name
def test_old_ones_stay_readable(form: Form) -> None:
    for example in examples(form):
        assert as_json(form.read(example.version, example.stored)) == example.read


@by_name
def test_what_is_written_today_is_the_last_example(form: Form) -> None:
    last = examples(form)[-1]
    assert as_json(form.write()) == last.stored, "add an example, and leave the others as they are"
    assert form.version == last.version


def test_every_example_is_of_a_form() -> None:
    """A form that is not written any more is still read: its examples stay, with a form that only reads."""
    written = {(path.stem, name) for path in EXAMPLES.iterdir() for name in area(path.stem)}
    assert written == {(form.area, form.name) for form in FORMS}


def test_every_kind_of_a_timeline_has_an_example() -> None:
    assert {type(fact) for fact in timeline.FACTS} == set(get_args(CallFact))
    assert len(set(KINDS.values())) == len(KINDS)


def test_a_line_of_a_later_version_is_left_as_it_is() -> None:
    later: dict[str, Any] = {"reason": {"rule": "by_lot"}}
    assert read("OfferMade", 99, later) == later


def test_rows_in_the_journals_files_are_named_as_the_statements_ask() -> None:
    """A column that is called otherwise would be written as its default."""
    tried = set()
    for name in ("batch that begins calls", "batch that ends calls"):
        for one in area("spool")[name]:
            for statement, given in spool.STATEMENTS.of(unpack(json.dumps(one["stored"]).encode())):
                asked = spool.asked(statement)
                tried.add(spool.STATEMENTS.name_of(statement))
                for one_row in given:
                    assert one_row.keys() <= asked
    assert tried == spool.STATEMENTS.by_name.keys(), "an example has a row for each statement"
    aside = {one["statement"] for one in area("spool")["rows set aside"][-1]["stored"]["rows"]}
    assert aside == spool.STATEMENTS.by_name.keys()


def test_every_column_of_json_has_a_form() -> None:
    """Whoever adds one writes an example, or says why it needs none."""
    assert event_table.EventRow.metadata is metadata
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    assert columns == {form.name for form in rows.FORMS} | rows.ELSEWHERE.keys()

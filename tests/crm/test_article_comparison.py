"""What differs between two versions of an article: both come back out of it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.crm.articles.comparison import LINES_MOST, compare, compare_lines

bodies = st.lists(st.sampled_from(["a", "b", "", "Tere 😀", "a b"]), min_size=1, max_size=8).map("\n".join)
texts = st.dictionaries(
    st.sampled_from(["et", "ru", "en"]),
    st.fixed_dictionaries({"title": st.sampled_from(["Arve", "Leping"]), "body": bodies}),
)
versions = st.fixed_dictionaries(
    {
        "texts": texts,
        "tags": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "owner": st.sampled_from([None, 2]),
    }
)


@settings(max_examples=100, deadline=None)
@given(bodies, bodies)
def test_both_texts_come_out_of_what_differs(before: str, after: str) -> None:
    lines = compare_lines(before, after)
    assert "\n".join(line for one in lines for line in one.before) == before
    assert "\n".join(line for one in lines for line in one.after) == after
    for one in lines:
        assert (one.operation == "equal") == (list(one.before) == list(one.after))
        assert bool(one.before) == (one.operation != "insert")
        assert bool(one.after) == (one.operation != "delete")


@settings(max_examples=100, deadline=None)
@given(versions, versions)
def test_a_comparison_names_what_differs_and_nothing_else(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = compare(before, after)
    told = {one.field: (one.before, one.after) for one in found.fields}
    for name in ("tags", "owner"):
        assert told.pop(name, None) == ((before[name], after[name]) if before[name] != after[name] else None)
    for language in ("et", "ru", "en"):
        old, new = before["texts"].get(language, {}), after["texts"].get(language, {})
        titles = old.get("title"), new.get("title")
        assert told.pop(f"texts.{language}.title", None) == (titles if titles[0] != titles[1] else None)
        assert (language in found.bodies) == (old.get("body", "") != new.get("body", ""))
    assert not told
    same = compare(before, before)
    assert (list(same.fields), dict(same.bodies)) == ([], {})


def test_very_long_texts_are_one_change() -> None:
    long = "\n" * (LINES_MOST + 1)
    assert [one.operation for one in compare_lines(long, long + "x")] == ["replace"]
    assert [one.operation for one in compare_lines(long, long)] == ["equal"]

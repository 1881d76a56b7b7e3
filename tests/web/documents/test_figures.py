"""CSV, TSV and JSON of figures."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.errors import Unreadable
from claims.web.pages import PageReading, read_page
from claims.web.tables import Table


def read(body: bytes | str, content_type: str, name: str = "") -> PageReading:
    raw = body.encode() if isinstance(body, str) else body
    return read_page(raw, url="https://a.example/data", content_type=content_type, name=name)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_rows_are_cut_at_whatever_separates_them(mark: str) -> None:
    text = "\n".join(
        mark.join(row) for row in (["place", "share"], ["China", "69"], ["Chile", "1"])
    )
    page = read(text, "text/csv")
    assert page.tables == (Table("", ("place", "share"), (("China", "69"), ("Chile", "1"))),)
    assert page.text == "place | share |\nChina | 69 |\nChile | 1 |"


def test_quotes_charsets_titles_and_notes() -> None:
    text = (
        'Mine output\r\n\r\nplace,"share, %"\r\n"China\nmainland",69.2\r\nCôte,1\r\nSource: own\r\n'
    )
    page = read_page(text.encode("cp1252"), url="", content_type="text/csv", charset="iso-8859-1")
    (table,) = page.tables
    assert (table.caption, table.header) == ("Mine output", ("place", "share, %"))
    assert table.rows == (("China mainland", "69.2"), ("Côte", "1"))
    assert page.text.endswith("\nSource: own")
    assert page.title == "Mine output"


def test_a_name_tells_where_the_type_does_not() -> None:
    assert read("a;b\nc;1\n", "text/plain", "x.csv").tables
    assert read("a;b\nc;1\n", "text/plain").tables == ()
    assert read('[{"a":"x","b":1}]', "application/octet-stream", "x.json").tables


def test_rows_beyond_the_limit_are_left_out_and_that_is_said() -> None:
    text = "place,share\n" + "".join(f"p{n},{n}\n" for n in range(20_000))
    page = read(text, "text/csv")
    assert len(page.tables[0].rows) == 5_000
    assert page.text.endswith("[left out: all but the first 5,000 rows of a table]")
    assert page.is_cut


def test_a_list_of_objects_is_a_table_with_its_digits_kept() -> None:
    body = (
        '{"meta":{"note":"provisional","ok":true},"data":{"rows":[{"c":{"id":"CN"},"v":270000.50},'
    )
    body += '{"c":{"id":"US"},"v":4.5e4,"more":null}]}}'
    page = read(body, "application/json")
    assert page.tables == (
        Table("data.rows", ("c.id", "v", "more"), (("CN", "270000.50", ""), ("US", "45000", ""))),
    )
    assert page.text.startswith(
        "meta.note: provisional\nmeta.ok: true\ndata.rows\nc.id | v | more\n"
    )


def test_columns_and_bare_rows_are_tables_too() -> None:
    columns = read('{"year":["2023","2024"],"tonnes":[1,2]}', "application/json")
    assert columns.tables == (Table("", ("year", "tonnes"), (("2023", "1"), ("2024", "2"))),)
    rows = read('[["year","tonnes"],[2023,1],[2024,2]]', "application/json")
    assert rows.tables == columns.tables


def test_other_json_is_lines_of_path_and_value() -> None:
    body = '{"a":{"b":[1,2,3],"c":[{"d":[{"e":{"f":{"g":"deep"}}}]}]},"empty":{},"none":null}'
    page = read(body, "application/json")
    assert page.text == "a.b: 1, 2, 3\na.c.d.e.f.g: deep"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{", "is not"),
        ("", "is not"),
        ("{'a': 1}", "is not"),
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested deeper"),
        ("{}", "no text"),
    ],
)
def test_json_that_is_none_says_why(body: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(body, "application/json")


def test_an_error_page_is_read_as_the_page_it_is() -> None:
    page = read("<!doctype html><title>Gone</title><p>Nothing is here.", "application/json")
    assert "Nothing is here." in page.text
    assert page.tables == ()


def test_binary_under_a_tables_name_is_no_text() -> None:
    with pytest.raises(Unreadable, match="not text"):
        read(bytes(range(256)) * 50, "text/csv")


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=',;\t|"\n\r\0 a1é[]page', max_size=200),
    st.sampled_from(["text/csv", "text/tab-separated-values", "application/json"]),
)
def test_any_text_is_read_or_refused(text: str, content_type: str) -> None:
    try:
        page = read(text, content_type)
    except Unreadable:
        return
    assert PageReading.from_json(page.to_json()) == page


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_is_read_or_said_to_hold_no_text(value: object) -> None:
    try:
        page = read(json.dumps(value), "application/json")
    except Unreadable:
        return
    assert page.text

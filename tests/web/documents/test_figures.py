"""CSV, TSV and JSON of figures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

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


def test_a_file_of_one_column_is_cut_where_that_is_said() -> None:
    page = read("\n".join(f"Line {n} of the list" for n in range(9_000)), "text/csv")
    assert page.is_cut
    assert page.text.split("\n")[4_999:] == [
        "Line 4999 of the list", "Line 5000 of the list", "",
        "[left out: all but the first 5,000 rows of a table]",
    ]  # fmt: skip


def test_notes_below_a_table_may_go_on_too_long() -> None:
    text = "place,share\nChina,7\n" + "a note\n" * 9_000
    page = read(text, "text/csv")
    assert page.is_cut
    assert page.text.endswith("[left out: all but the first 5,051 rows of the file]")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (",".join(f"c{n}" for n in range(130)) + "\n" + ",".join("1" * 130), "text/csv"),
        (json.dumps([{f"c{n}": n for n in range(130)}]), "application/json"),
        (json.dumps({f"c{n}": [n, n] for n in range(130)}), "application/json"),
        (json.dumps([[f"c{n}" for n in range(130)], list(range(130))]), "application/json"),
    ],
)
def test_columns_beyond_the_limit_are_left_out_and_that_is_said(
    body: str, content_type: str
) -> None:
    page = read(body, content_type)
    assert (page.is_cut, len(page.tables[0].header)) == (True, 100)
    assert page.text.endswith("[left out: columns beyond the first 100]")


def test_a_long_cell_is_whole_in_the_text() -> None:
    long = "word " * 3_000 + "end"
    for page in (
        read(f'place,note\nChina,"{long}"\n', "text/csv"),
        read(json.dumps([{"place": "China", "note": long}]), "application/json"),
        read(json.dumps({"note": long}), "application/json"),
    ):
        assert long in page.text
        assert not page.is_cut


ROWS = "place,share\nChina,7\nChile,8\nPeru,9\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('"Burma,3', '"Burma | 3 |'),
        ('Burma,"3', 'Burma | "3 |'),
        ('"5" pipe,3', "5 pipe | 3 |"),
        ('"Upper\nBurma",3', "Upper Burma | 3 |"),
    ],
)
def test_a_quote_that_never_closes_swallows_nothing(line: str, told: str) -> None:
    page = read(f"{ROWS}{line}\n{ROWS.removeprefix('place,share')[1:] * 40}", "text/csv")
    lines = page.text.split("\n")
    assert lines[:5] == ["place | share |", "China | 7 |", "Chile | 8 |", "Peru | 9 |", told]
    assert len(lines) == 5 + 120
    assert not page.is_cut


def test_two_quotes_left_open_far_apart_swallow_nothing() -> None:
    text = 'place,share\n"Burma,3\n' + "China,7\n" * 80 + '"Chile,5\n' + "Peru,9\n" * 80
    lines = read(text, "text/csv").text.split("\n")
    assert len(lines) == 163
    assert (lines[1], lines[82]) == ('"Burma | 3 |', '"Chile | 5 |')


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


def test_numbers_are_written_as_they_stand() -> None:
    long = "7" * 5_000
    body = f'{{"a":{long},"b":1.50,"c":2.5E3,"d":-1e-7,"e":1e400,"f":NaN}}'
    assert read(body, "application/json").text.split("\n") == [
        f"a: {long}", "b: 1.50", "c: 2500", "d: -0.0000001", "e: 1e400", "f: NaN",
    ]  # fmt: skip


def test_columns_and_bare_rows_are_tables_too() -> None:
    columns = read('{"year":["2023","2024"],"tonnes":[1,2]}', "application/json")
    assert columns.tables == (Table("", ("year", "tonnes"), (("2023", "1"), ("2024", "2"))),)
    rows = read('[["year","tonnes"],[2023,1],[2024,2]]', "application/json")
    assert rows.tables == columns.tables


def test_bare_rows_without_names_are_all_rows() -> None:
    page = read("[[1577836800000,5.1],[1609459200000,5.2]]", "application/json")
    assert page.tables == (Table("", (), (("1577836800000", "5.1"), ("1609459200000", "5.2"))),)


@pytest.mark.parametrize(
    "value",
    [
        [{"a": n, "b": f"b{n}"} for n in range(60)] + ["a last word"],
        [{"a": n, "b": f"b{n}"} for n in range(60)] + [{"c": {"d": {"e": "deep"}}}],
        {"x": [{"a": "1x", "b": {"c": ["2x", "3x"]}}, {"a": "4x"}], "y": [["5x", "6x"], ["7x"]]},
        {"x": [["1x"], ["2x"]], "y": {"p": ["3x", "4x"], "q": ["5x", "6x"]}},
        [{"a.b": "1x", "a": {"b": "2x"}}],
        {"long": [f"{n}x" for n in range(1_234)]},
        [[f"r{n}c{k}" for k in range(3)] for n in range(300)],
        [{"list": [f"{n}x" for n in range(300)], "b": "one"}],
        [{}, {"a": "1x", "b": "2x"}, {}],
    ],
)
def test_every_value_is_read_once_and_none_is_left_out(value: object) -> None:
    page = read(json.dumps(value), "application/json")
    words = Counter(page.text.replace(",", " ").replace("|", " ").split())
    expected = Counter(_leaves(value))
    assert {word: words[word] for word in expected} == expected
    assert not page.is_cut


def _leaves(value: object) -> Iterator[str]:
    """The words of all texts of a value that stand nowhere in its keys."""
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)


def test_a_table_that_is_cut_does_not_hide_the_next() -> None:
    rows = [{"a": n, "b": n} for n in range(6_000)]
    page = read(json.dumps({"x": rows, "y": [{"c": "seen", "d": 1}]}), "application/json")
    assert [len(table.rows) for table in page.tables] == [5_000, 1]
    assert "seen" in page.text
    assert page.text.endswith("[left out: all but the first 5,000 rows of a table]")


def test_more_cells_than_a_document_may_have_are_said() -> None:
    rows = [{f"c{k}": n for k in range(50)} for n in range(3_000)]
    page = read(json.dumps({"x": rows, "y": [{"c": "unseen", "d": 1}]}), "application/json")
    assert sum(len(table.rows) for table in page.tables) == 2_000
    assert "all beyond 100,000 cells of tables" in page.text.rpartition("\n")[2]


def test_what_is_nested_too_deep_is_said() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        deep = f'["a",{opening * 220}["x",{{}}]{closing * 220}]'
        page = read(deep, "application/json")
        assert page.text.endswith("[left out: what is nested deeper than 200 levels]")


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

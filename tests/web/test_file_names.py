"""The names that servers give files, and what they are good for."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.client import Client
from claims.web.errors import TypeRefused
from claims.web.file_names import find_file_name, title_of
from claims.web.pages import PageReading, read_page
from tests.documents import lines_of, make_docx, make_pdf, paragraph, table_of
from tests.site.server import Site

FIGURES = b"place;share\nChina;70\n"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="Q1 report.pdf"', "Q1 report.pdf"),
        ("inline; FileName = data.csv ", "data.csv"),
        ("attachment; filename=x.pdf; filename*=UTF-8''%e2%82%ac%20rates.pdf", "€ rates.pdf"),
        ("attachment; filename*=ISO-8859-1'en'caf%e9.csv; filename=x.csv", "café.csv"),
        ("attachment; filename*=UTF-8''%ff.csv; filename=x.csv", "x.csv"),
        ('attachment; filename="half; of it.csv"; size=3', "half; of it.csv"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ('attachment; filename="r\u00c3\u00a9sum\u00c3\u00a9.pdf"', "résumé.pdf"),
        ('attachment; filename="r\u00e9sum\u00e9.pdf"', "résumé.pdf"),
        ("attachment; filename=Salt%20exports.pdf", "Salt exports.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\x.csv"', "x.csv"),
        ("attachment; filename*=UTF-8''%2e%2e%2fx%00%0ay.csv", "x y.csv"),
        ("attachment; filename=..", ""),
        ("attachment; filename=", ""),
        ("filename=x.csv", "x.csv"),
        ("attachment; filename*=UTF-8''\ud800; filename=x.csv", "x.csv"),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_as_browsers_read_it(value: str, name: str) -> None:
    assert find_file_name([("Server", "x"), ("content-Disposition", value)]) == name


@given(st.text(alphabet="atchmenfil=*'\"%;\\/UTF-8 0é\ud800\0\r\n", max_size=80))
def test_any_header_is_answered_with_a_bare_name(value: str) -> None:
    name = find_file_name([("Content-Disposition", f"attachment; filename{value}")])
    assert not set(name) & set("/\\\r\n\0")
    title_of(name)


def test_long_headers_take_moments() -> None:
    started = time.monotonic()
    for piece in ('filename="a;', "filename*1=a;", "%41", "'", ";"):
        find_file_name([("Content-Disposition", "a;" + piece * (1_000_000 // len(piece)))])
    assert time.monotonic() - started < 10


def fetch(client: Client, url: str) -> PageReading:
    fetched = client.fetch(url)
    return read_page(
        fetched.body,
        url=fetched.final_url,
        content_type=fetched.content_type,
        name=fetched.file_name,
    )


def named(name: str, **answer: Any) -> dict[str, Any]:
    headers = (("Content-Disposition", f'attachment; filename="{name}"'),)
    return {"content_type": "application/octet-stream", "headers": headers, **answer}


def test_a_download_is_read_by_the_name_it_comes_with(site: Site, client: Client) -> None:
    url = site.add("/download", FIGURES, **named("Salt_exports.csv"))
    page = fetch(client, url)
    assert page.tables[0].header == ("place", "share")
    assert page.title == "Salt exports"
    with pytest.raises(TypeRefused):
        client.fetch(site.add("/other", FIGURES, **named("Salt_exports.bin")))
    plain = site.add("/plain", FIGURES, **named("x.csv", content_type="text/plain"))
    assert fetch(client, plain).tables


def test_a_name_without_a_known_ending_leaves_it_to_the_url(site: Site, client: Client) -> None:
    assert fetch(client, site.add("/x.csv", FIGURES, **named("export"))).tables


def test_a_title_of_its_own_wins_over_the_files_name() -> None:
    pdf = make_pdf([[*lines_of("Mines of the coast"), *table_of([["A", "1"]], top=700)]])
    for body, name, title in (
        (pdf, "a.pdf", "Mines of the coast"),
        (make_docx(paragraph("Mines", "Title")), "a.docx", "Mines"),
        (make_docx(paragraph("Output rose.")), "Mines_2024.docx", "Mines 2024"),
        (b"<!doctype html><title>Mines</title><p>Output rose.", "a.html", "Mines"),
    ):
        assert read_page(body, url="https://a.example/", content_type="", name=name).title == title

"""Reading pages: frame, text, links, tables; in any charset; with nothing lost in silence."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.web.charsets import decode_page
from claims.web.errors import Unreadable
from claims.web.pages import PageReading, detect_language, read_page, tidy_text
from tests.site.routes import ARTICLE

URL = "https://daily.example/news/mines.html"


def read(html: str | bytes, **options: str) -> PageReading:
    body = html.encode() if isinstance(html, str) else html
    return read_page(body, url=URL, **options)


def test_the_frame_of_an_article() -> None:
    page = read(ARTICLE)
    assert (page.title, page.byline, page.publisher) == (
        "Mine output rises", "Ada Example", "Daily Example",
    )  # fmt: skip
    assert (page.published, page.modified) == (date(2025, 3, 4), None)
    assert (page.language, page.canonical) == ("en", "https://daily.example/mines")
    assert not page.is_cut


def test_the_text_is_the_article_and_not_its_margins() -> None:
    lines = read(ARTICLE).text.split("\n")
    assert lines[1].startswith("The ministry said on Tuesday that mines produced 70 per cent")
    assert not any("All rights reserved" in line or "About" in line for line in lines)


LEDE = (
    "Smelters along the coast have begun to look for ore from other countries after the "
    "ministry cut the export quota by a third and said that no date was set for its review."
)


@pytest.mark.parametrize(
    ("lede", "is_kept"), [(LEDE, True), (LEDE[:90], False), ("Quota cut by 33 per cent " * 3, True)]
)
def test_an_opening_outside_the_article_is_put_back(lede: str, is_kept: bool) -> None:
    meta = f'<meta property="og:description" content="{lede}">'
    html = ARTICLE.replace("</head>", meta + "</head>")
    html = html.replace("<article>", f'<div class="teaser">{lede}</div><article>')
    assert (lede.strip() in read(html).text.split("\n")) is is_kept
    assert read(html).text.count(lede.strip()) <= 1


def test_links_are_absolute_and_web_only() -> None:
    html = ARTICLE.replace(
        "</nav>", '<a href="javascript:alert(1)">x</a><a href="//b.example/y">Y</a></nav>'
    )
    assert read(html).links == (
        ("https://daily.example/", "Home"),
        ("https://daily.example/about", "About"),
        ("https://b.example/y", "Y"),
        ("https://daily.example/report.html", "the full report"),
        ("https://other.example/x", "more"),
    )


def test_links_follow_the_base_element() -> None:
    html = '<base href="/archive/"><p><a href="one">First one</a></p>'
    assert read(html).links == (("https://daily.example/archive/one", "First one"),)


def test_tables_stay_tables() -> None:
    page = read(ARTICLE)
    assert len(page.tables) == 1
    assert page.tables[0].caption == "Output by year"
    assert page.tables[0].header == ("Year", "Tonnes")
    assert page.tables[0].rows == (("2023", "11,000"), ("2024", "12,400"))
    assert "2024 | 12,400" in page.text


def test_spans_fill_their_cells() -> None:
    html = (
        "<table><tr><th>Country</th><th>Year</th><th>t</th></tr>"
        "<tr><td rowspan=2>Chad</td><td>2023</td><td>1</td></tr><tr><td>2024</td><td>2</td></tr>"
        "<tr><td colspan=2>Total</td><td>3</td></tr></table>"
    )
    assert read(html).tables[0].rows == (
        ("Chad", "2023", "1"), ("Chad", "2024", "2"), ("Total", "Total", "3"),
    )  # fmt: skip


def test_row_headings_are_cells_and_layout_is_no_table() -> None:
    html = "<table><tr><th>2023</th><td>1</td></tr><tr><th>2024</th><td>2</td></tr></table>"
    assert read(html).tables[0].header == ()
    assert read(html).tables[0].rows == (("2023", "1"), ("2024", "2"))
    layout = "<table><tr><td>menu<td>" + "words " * 1000 + "<tr><td>a<td>b</table>"
    assert read(layout).tables == ()
    assert read("<table><tr><td>alone</td></tr></table>").tables == ()


@pytest.mark.parametrize("span", ["0", "-1", "9" * 50, "x", "", "²"])
def test_nonsense_spans_are_one(span: str) -> None:
    html = f"<table><tr><td colspan='{span}'>a<td>b<tr><td>c<td>d</table>"
    assert read(html).tables[0].rows[0] == ("a", "b")


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta name="date" content="2024-05-06">', date(2024, 5, 6)),
        (
            linked('{"@type":"NewsArticle","datePublished":"2024-05-06T23:00-05:00"}'),
            date(2024, 5, 6),
        ),
        (linked('{"@graph":[{"@type":["Article"],"datePublished":"20240506"}]}'), date(2024, 5, 6)),
        ("</head><p class=date>May 6, 2024</p>", date(2024, 5, 6)),
        ("</head><p class=date>6. Mai 2024</p>", date(2024, 5, 6)),
        ('<meta name="date" content="2024-13-45">', None),
        ('<meta name="date" content="2024-05">', None),
        ("</head><p class=date>May 2024</p>", None),
        (linked("{broken"), None),
        (linked("[[[{}]]]"), None),
        ("", None),
    ],
)
def test_the_day_is_read_or_left_open(head: str, published: date | None) -> None:
    assert read(f"<html><head>{head}<p>Some words of a page.</p></html>").published == published


def test_the_day_of_the_last_change() -> None:
    assert read('<meta property="og:updated_time" content="2024-05-08">').modified == date(
        2024, 5, 8
    )
    data = linked('{"@type":"WebPage","dateModified":"2024-05-07T01:00:00Z"}')
    assert read(data + "<p>Words.</p>").modified == date(2024, 5, 7)


def test_a_day_without_a_year_is_no_date() -> None:
    assert (
        read("<article><p>By Ada, 17th October</p><p>Words and more words.</p></article>").published
        is None
    )


def test_bylines_of_several_people() -> None:
    data = '{"@type":"NewsArticle","headline":"H","author":[{"name":"Ada A"},{"name":"Bo B"},"https://x.example/ada"]}'
    html = f'<script type="application/ld+json">{data}</script><p>Words.</p>'
    assert read(html).byline == "Ada A, Bo B"


TEXTS = {
    "utf-8": "Große Förderung – 70 Prozent",
    "utf-16": "Große Förderung – 70 Prozent",
    "cp1252": "Große Förderung – 70 Prozent",
    "cp1251": "Добыча выросла на 70 процентов за год, сообщило министерство",
    "shift_jis": "昨年の生産量は世界の七割に達したと同省は発表した",
    "gb18030": "去年的产量占全球供应量的百分之七十，该部门表示",
    "euc_kr": "지난해 생산량은 세계 공급량의 칠십 퍼센트에 달했다",
    "iso2022_jp": "昨年の生産量は世界の七割に達した",
    "iso8859_2": "Wydobycie wzrosło o siedemdziesiąt procent w zeszłym roku",
}


@pytest.mark.parametrize("codec", TEXTS)
def test_the_header_names_the_charset(codec: str) -> None:
    body = f"<p>{TEXTS[codec]}</p>".encode(codec)
    assert TEXTS[codec] in read(body, charset=codec).text


@pytest.mark.parametrize("codec", [name for name in TEXTS if name != "utf-16"])
def test_the_page_names_the_charset(codec: str) -> None:
    label = (
        codec.replace("iso8859_2", "iso-8859-2").replace("_", "-").replace("iso2022", "iso-2022")
    )
    for meta in (
        f'<meta charset="{label}">',
        f'<meta http-equiv=content-type content="text/html; charset={label}">',
    ):
        assert TEXTS[codec] in read(f"<head>{meta}</head><p>{TEXTS[codec]}</p>".encode(codec)).text


@pytest.mark.parametrize("codec", ["utf-8", "cp1251", "shift_jis", "gb18030", "euc_kr"])
def test_nobody_names_the_charset(codec: str) -> None:
    body = ("<p>" + (TEXTS[codec] + ". ") * 20 + "</p>").encode(codec)
    assert TEXTS[codec] in read(body).text


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_beats_everything(mark: bytes) -> None:
    codec = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark]
    text, found = decode_page(mark + "Größe".encode(codec), "cp1251")
    assert (text, found) == ("Größe", codec)


@pytest.mark.parametrize(
    "label", ["hex", "zlib_codec", "utf-7", "idna", "unicode_escape", "nonsense", "\0"]
)
def test_labels_that_are_no_charset_are_ignored(label: str) -> None:
    assert decode_page(b"caf\xe9 ol\xe9, tr\xe8s bien, \xe0 bient\xf4t", label)[0].startswith(
        "café"
    )


def test_a_false_utf8_header_does_not_ruin_the_text() -> None:
    body = f"<meta charset=windows-1251><p>{TEXTS['cp1251']}</p>".encode("cp1251")
    assert TEXTS["cp1251"] in read(body, charset="utf-8").text


NEEDLE = "needle 4711"


@pytest.mark.parametrize("depth", [10, 100, 200, 300, 1000, 10_000, 100_000])
def test_text_is_found_at_any_depth(depth: int) -> None:
    started = time.monotonic()
    page = read(
        "<html><body>" + "<div>" * depth + f"<p>{NEEDLE}</p>" + "</div>" * depth + "<p>after"
    )
    assert NEEDLE in page.text
    assert "after" in page.text
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "html",
    [
        "{}", "<p>{}", "<p>a</p></body></html>{}", "<b><i><u>{}", "<table><tr><td>{}", "<li>{}",
        "<p>a\0b</p><p>{}", "<svg><p>{}", "<svg><title>x</title></svg><p>{}",
        "<select><option>a<p>{}",
        "<head>{}", "<!-- c --><p>{}", "<!-- a --!><p>{}</p><!-- -->", "<![CDATA[x]]><p>{}",
        "<script>var a='<p>';</script>{}", "<style>a{{}}</style>{}", "<p foo='\"'>{}", "<p/>{}",
        "<noscript>{}</noscript>", "<plaintext>{}", "<xmp>{}</xmp>", "<frameset><noframes>{}",
        "<custom-element>{}</custom-element>", "<p>&bogus;&#xffffff;&#xD800;{}", "</p></div>{}",
        "<main hidden>{}</main>", "<form><p>{}</p></form>", "<details><summary>s</summary>{}",
        "<?xml version='1.0' encoding='utf-8'?><html><p>{}</html>", "<title>t</title><article>{}",
    ],
)  # fmt: skip
def test_text_is_found_after_odd_constructs(html: str) -> None:
    page = read(html.format(NEEDLE))
    assert NEEDLE in page.text


def test_a_huge_page_is_read_to_its_end() -> None:
    body = (
        "<!doctype html><title>B</title><article>" + "<p>honest words, 70 per cent</p>\n" * 150_000
    )
    page = read(body + f"<p>{NEEDLE}</p>")
    assert page.text.endswith(NEEDLE)
    assert not page.is_cut


def test_what_is_not_shown_is_not_text() -> None:
    page = read(
        "<script>secret1</script><style>secret2</style><template>secret3</template><p>shown</p>"
    )
    assert page.text == "shown"


@pytest.mark.parametrize(
    "html",
    [
        "<a b='" * 100_000, "<!-- x -" * 100_000, "<b><i>" * 50_000, "<p>x" * 300_000,
        "<a href=/x>y" * 100_000, "<table><tr><td>" * 30_000, "<p>" + "<span>a</span>" * 60_000,
        ("<div>" * 150 + "x" + "</div>" * 150) * 500, "&" * 1_000_000, "<" * 1_000_000,
        "<p>" + "9" * 1_000_000, "<script type='application/ld+json'>" + "[" * 300_000,
        "<p title=" + "'x" * 300_000, " " * 1_000_000 + "x", "<p>" + "\u200b" * 500_000,
        "\0" * 1_000_000,
    ],
    ids=range(16),
)  # fmt: skip
def test_hostile_markup_is_read_in_linear_time(html: str) -> None:
    started = time.monotonic()
    read(html)
    assert time.monotonic() - started < 5


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/!-= '\"aptdrhsc&;#x1\0\ud800é ", max_size=300))
def test_any_markup_is_read(html: str) -> None:
    page = read(html.encode("utf-8", "surrogatepass"))
    assert PageReading.from_json(page.to_json()) == page
    assert "\0" not in page.text


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/plain"]))
@settings(deadline=None)
def test_any_bytes_are_read_or_told_to_be_no_text(body: bytes, content_type: str) -> None:
    try:
        page = read_page(body, url=URL, content_type=content_type)
    except Unreadable:
        return
    page.text.encode()


def test_binary_is_no_page() -> None:
    with pytest.raises(Unreadable):
        read(bytes(range(256)) * 200)


def test_plain_text_passes_through() -> None:
    body = (
        "Output report\r\n\r\n  70 per cent <b>rose</b>\tto 12\n\n\n\nSee https://b.example/x. End."
    )
    page = read(body, content_type="text/plain")
    assert (
        page.text
        == "Output report\n\n  70 per cent <b>rose</b>\tto 12\n\nSee https://b.example/x. End."
    )
    assert page.title == "Output report"
    assert page.links == (("https://b.example/x", ""),)


def test_markdown_links_keep_their_words() -> None:
    page = read(
        "# Report\n\nSee [the *data*](https://b.example/d) here.", content_type="text/markdown"
    )
    assert (page.title, page.links) == ("Report", (("https://b.example/d", "the *data*"),))


def test_markup_labelled_plain_is_read_as_markup() -> None:
    assert "<p>" not in read(ARTICLE, content_type="text/plain").text


def test_text_is_tidied_once() -> None:
    messy = "a \r\nb\u2028c\x07\x85d\n\n\n\ne\t \n" + " " * 100_000 + "f"
    assert tidy_text(messy).startswith("a\nb\nc\nd\n\ne\n")
    assert tidy_text(tidy_text(messy)) == tidy_text(messy)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("", "", ""),
        ("Short.", "de-AT", "de"),
        ("Short.", "not a code", ""),
        (
            "Le ministère a publié mardi de nouveaux chiffres sur la production de l'année.",
            "en",
            "fr",
        ),
    ],
)
def test_language_is_detected_or_declared(text: str, declared: str, language: str) -> None:
    assert detect_language(text, declared) == language

"""URLs: what is refused and why, one spelling for each page, the site behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.vocabulary import FetchReason
from claims.web.errors import CredentialsRefused, SchemeRefused, UrlInvalid
from claims.web.urls import canonical_url, parse_http_url, resolve_link, site_of

BROKEN = [
    "", "   ", "example.com", "//example.com/", "http:", "http://", "http:///path", "http:/one",
    "http:example.com", "http://exa mple.com/", "http://example.com/\r\nHost: evil", "http://a\tb/",
    "http://example.com\\@127.0.0.1/", "http:\\\\127.0.0.1/", "http://a..b/", "http://.a/",
    "http://-a-/", "http://%31%32%37.0.0.1/", "http://ex%61mple.com/", "http://a%00b/",
    "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.0.0.0x1/", "http://1.2.3.4.5/",
    "http://256.1.1.1/", "http://0/", "http://0x/", "http://[::1", "http://[::1%25lo]/",
    "http://[fe80::1%eth0]/", "http://[v1.x]/", "http://[::ffff:1.2.3]/", "http://a:0/",
    "http://a:99999/", "http://a:8a/", "http://a:-80/", "http://a:８０/", "http://١٢٧.0.0.1/",
    "http://" + "a" * 64 + ".com/", "http://" + "a." * 200 + "com/", "http://a/" + "x" * 5000,
    "http://a\ud800b/", "http://xn--/", "http://\u2028/", "http://moc.\u202eelpmaxe.com/",
    "http://a/\u202etxt.exe", "http://\u2066a\u2069.com/",
]  # fmt: skip


@pytest.mark.parametrize("url", BROKEN)
def test_a_broken_url_is_refused_in_words(url: str) -> None:
    with pytest.raises(UrlInvalid) as caught:
        parse_http_url(url)
    assert caught.value.reason is FetchReason.URL_INVALID
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "url",
    ["ftp://a/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "gopher://a/"],
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(SchemeRefused):
        parse_http_url(url)


@pytest.mark.parametrize("url", ["http://u:p@a/", "http://u@a/", "http://@a/", "https://a%40b@c/"])
def test_credentials_are_refused(url: str) -> None:
    with pytest.raises(CredentialsRefused):
        parse_http_url(url)


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        (" https://Example.COM ", "https://example.com/"),
        ("\u2066https://example.com/a\u2069", "https://example.com/a"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:8443/a?b#c", "https://example.com:8443/a?b"),
        ("http://example.com.", "http://example.com/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://[0:0::1]:80/", "http://[::1]/"),
        ("http://bücher.example/ü?ö=ß", "http://xn--bcher-kva.example/%C3%BC?%C3%B6=%C3%9F"),
        ("http://a/%zz%41%c3", "http://a/%25zz%41%C3"),
        ("http://exam\u200bple.com/", "http://example.com/"),
        ("http://a_b.example/", "http://a_b.example/"),
    ],
)
def test_a_url_has_one_spelling(url: str, read_as: str) -> None:
    assert str(parse_http_url(url)) == read_as


@given(st.text(max_size=200) | st.text(alphabet="htps:/.@[]%?#&=0x1a\\ ;ü", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, "http://" + text):
        try:
            parsed = parse_http_url(url)
        except UrlInvalid:
            continue
        assert str(parse_http_url(str(parsed))) == str(parsed)
        assert parsed.target.isascii()
        assert parsed.host.isascii()


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://a.example/x?utm_source=n&b=2&a=1&fbclid=z#top", "https://a.example/x?a=1&b=2"),
        ("https://a.example/x?UTM_Medium=n", "https://a.example/x"),
        ("https://a.example/./b/../c/", "https://a.example/c/"),
        ("https://a.example/a/..", "https://a.example/"),
        ("https://a.example/%7Euser/%41", "https://a.example/~user/A"),
        ("https://a.example/x;jsessionid=12AB?id=3", "https://a.example/x?id=3"),
        ("https://a.example?q=", "https://a.example/?q="),
        ("https://a.example/?q=%FF&q=%fe", "https://a.example/?q=%FE&q=%FF"),
        ("HTTP://A.example:80", "http://a.example/"),
    ],
)
def test_identity_of_a_page(url: str, identity: str) -> None:
    assert canonical_url(url) == identity


def test_a_parameter_that_chooses_the_page_is_kept() -> None:
    assert canonical_url("https://a.example/?id=1") != canonical_url("https://a.example/?id=2")


@given(st.text(alphabet="abZ%20F/.;?&=+~é#!$'()*,:@-_ ", max_size=80))
def test_identity_is_idempotent(text: str) -> None:
    try:
        once = canonical_url("https://a.example/" + text)
    except UrlInvalid:
        return
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://data.blog.example.co.uk/x", "example.co.uk"),
        ("https://www.example.com", "example.com"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
        ("not a url", ""),
    ],
)
def test_the_site_behind_a_url(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ("b c", "https://a.example/x/b%20c"),
        ("//other.example/y#z", "https://other.example/y"),
        ("?q=1", "https://a.example/x/page?q=1"),
        ("#top", None),
        ("", None),
        ("mailto:a@b.example", None),
        ("JavaScript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("http://[broken", None),
        ("http://u:p@b.example/", None),
        ("x" * 10_000, None),
    ],
)
def test_links_are_resolved_or_dropped(link: str, resolved: str | None) -> None:
    assert resolve_link("https://a.example/x/page", link) == resolved

"""Images, video and sound of a page as links with their captions, and what is left out."""

from __future__ import annotations

import json

import pytest

from claims.vocabulary import MediaKind
from claims.web.media import (
    MAX_CAPTION_CHARACTERS,
    MAX_DESCRIPTION_CHARACTERS,
    MAX_MEDIA,
    MAX_URL_CHARACTERS,
    MediaLink,
)
from claims.web.pages import PageReading, read_page
from tests.growth import assert_linear

BASE = "https://example.org/news/salt"
PROSE = "".join(
    f"<p>The harbour of Varnholm handled {year},000 tonnes of salt, the yearbook of the year says."
    for year in range(40, 60)
)


def read(markup: str, head: str = "") -> PageReading:
    page = f"<html><head>{head}</head><body><article>{markup}{PROSE}</article></body></html>"
    return read_page(page.encode(), url=BASE)


def seen(markup: str, head: str = "") -> list[tuple[str, str, str]]:
    """Path, caption and description of each."""
    media = read(markup, head).media
    return [
        (one.url.removeprefix("https://example.org"), one.caption, one.description) for one in media
    ]


def test_a_figure_s_caption_and_credit_belong_to_its_image_and_not_to_the_text() -> None:
    page = read(
        "<figure><img src=/a.jpg alt='A crane'><figcaption>Cranes load 52,000 tonnes. "
        "<span class=credit>Photo: A. Lee</span></figcaption></figure>"
    )
    (image,) = page.media
    assert image == MediaLink(
        MediaKind.IMAGE,
        "https://example.org/a.jpg",
        "Cranes load 52,000 tonnes. Photo: A. Lee",
        "A crane",
    )
    assert "tonnes of salt" in page.text
    assert "Cranes load" not in page.text
    assert PageReading.from_json(json.loads(json.dumps(page.to_json()))) == page


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        # Pictures that come when they are looked at, and those in several sizes.
        ("<img src='data:image/gif;base64,R0' data-src=/b.jpg>", [("/b.jpg", "", "")]),
        ("<img src=/img/blank.gif data-lazy-src=b.jpg>", [("/news/b.jpg", "", "")]),
        ("<img src=/lazy-placeholder.png srcset='/b-s.jpg 320w, /b-l.jpg 1280w'>",
         [("/b-l.jpg", "", "")]),
        ("<picture><source srcset='/b.webp 1x, /b2.webp 2x'><img alt=B></picture>",
         [("/b2.webp", "", "B")]),
        ("<picture><source data-srcset='/b.webp'><img src=/b.jpg></picture>",
         [("/b.jpg", "", "")]),
        ("<img data-src=/c.jpg><noscript><img src=/c.jpg title=C></noscript>",
         [("/c.jpg", "", "C")]),
        ("<img src=/c.jpg?w=320><img src=/c.jpg?w=1280>", [("/c.jpg?w=320", "", "")]),
        ("<amp-img src=/d.jpg></amp-img>", [("/d.jpg", "", "")]),
        # Captions without a figure, and where one ends.
        ("<div class=wp-caption><a href=/x><img src=/e.jpg></a><p class=wp-caption-text>Said."
         "</p></div>", [("/e.jpg", "Said.", "")]),
        ("<img src=/e.jpg><span>Zoom</span><p class=caption>Salt<br>up.</p><p class=credit>AP</p>",
         [("/e.jpg", "Salt up. AP", "")]),
        ("<img src=/e.jpg><p>Running text of a whole sentence comes here.</p><p class=caption>No.",
         [("/e.jpg", "", "")]),
        ("<img src=/e.jpg><div class=caption>No. <img src=/f.jpg> Nor this.</div>",
         [("/e.jpg", "", ""), ("/f.jpg", "", "")]),
        ("<figure><figure><img src=/g.jpg></figure><figure><img src=/h.jpg><figcaption>Its own."
         "</figcaption></figure><figcaption>The album.</figcaption></figure>",
         [("/g.jpg", "The album.", ""), ("/h.jpg", "Its own.", "")]),
        # Video and sound.
        ("<figure><video poster=/p.jpg title=V><source src=/v.mp4><source src=/v.webm></video>"
         "<figcaption>The flood.</figcaption></figure>",
         [("/v.mp4", "The flood.", "V"), ("/p.jpg", "The flood.", "V")]),
        ("<audio src=/s.mp3></audio>", [("/s.mp3", "", "")]),
        ("<iframe src='//www.youtube.com/embed/abc?rel=0' title=Talk></iframe>",
         [("https://www.youtube.com/embed/abc?rel=0", "", "Talk")]),
        ("<iframe data-src=https://player.vimeo.com/video/1></iframe>",
         [("https://player.vimeo.com/video/1", "", "")]),
        # What is none, or leads nowhere.
        ("<iframe src=https://ads.example/embed/x></iframe><iframe src=about:blank></iframe>", []),
        ("<iframe src=https://evil.example/?https://www.youtube.com/embed/x></iframe>", []),
        ("<img src=javascript:alert(1)><img src=' JaVaScRiPt:alert(1)'><img src=file:///etc/passwd>"
         "<img src=https://u:p@example.org/a.jpg><img src='data:image/png;base64,AA'>", []),
        ("<video src=blob:https://example.org/1></video><audio src=vbscript:x></audio>", []),
        ("<img src=/px.jpg width=1 height=1><img src=/i.jpg height=16px>"
         "<img src=/j.jpg style='width: 20px'><img src=/k.jpg style=display:none>", []),
        ("<img src=/l.jpg class='site-logo'><img src=/icons/mail.svg><img src=/img/our-logo.png>"
         "<img src=https://www.facebook.com/tr?id=1><img src='/{width}/a.jpg'>", []),
        ("<nav><img src=/menu.jpg></nav><footer><img src=/foot.jpg></footer>", []),
        ("<aside><figure><img src=/side.jpg><figcaption>Aside.</figcaption></figure></aside>",
         [("/side.jpg", "Aside.", "")]),
        ("<template><img src=/t.jpg></template><svg><image href=/u.jpg></svg>", []),
    ],
)  # fmt: skip
def test_what_a_page_shows_is_a_link_with_what_it_says_of_it(
    markup: str, found: list[tuple[str, str, str]]
) -> None:
    assert seen(markup) == found


def test_what_a_page_only_declares_comes_behind_what_it_shows() -> None:
    linked = {
        "@graph": [
            {"@type": "NewsArticle", "image": ["/crop1.jpg", "/crop2.jpg"],
             "video": {"@type": "VideoObject", "embedUrl": "https://v.example/1", "name": "Flood"}},
            {"@type": ["ImageObject"], "url": "/shown.jpg", "caption": "Crane", "creditText": "AP"},
            {"@type": "ImageObject", "contentUrl": {"x": 1}},
            {"@type": {}, "url": "/no.jpg"},
        ]
    }  # fmt: skip
    head = (
        f"<script type=application/ld+json>{json.dumps(linked)}</script>"
        "<meta property=og:image content=/card.jpg><meta property=og:image:alt content=Card>"
        "<meta property=og:video content=javascript:alert(1)>"
    )
    assert seen("<img src=/shown.jpg>", head) == [
        ("/shown.jpg", "", "Crane – AP"),
        ("/crop1.jpg", "", ""),
        ("https://v.example/1", "", "Flood"),
        ("/card.jpg", "", "Card"),
    ]
    assert [one.kind for one in read("", head).media][2] == MediaKind.VIDEO


def test_markdown_has_images_too() -> None:
    text = (
        f"# Salt\n\n![A crane](https://example.org/a.jpg)\n[b](https://example.org/b.jpg)\n{PROSE}"
    )
    (image,) = read_page(text.encode(), url=BASE, content_type="text/markdown").media
    assert (image.url, image.description) == ("https://example.org/a.jpg", "A crane")


def test_numbers_and_lengths_are_bounded() -> None:
    many = "".join(f"<img src=/{number}.jpg>" for number in range(3 * MAX_MEDIA))
    assert len(read(many).media) == MAX_MEDIA
    (image,) = read(
        f"<figure><img src=/{'a' * MAX_URL_CHARACTERS}.jpg><img src=/b.jpg alt='{'word ' * 999}'>"
        f"<figcaption>{'salt ' * 9999}</figcaption></figure>"
    ).media
    assert len(image.caption) == MAX_CAPTION_CHARACTERS
    assert len(image.description) == MAX_DESCRIPTION_CHARACTERS


@pytest.mark.parametrize(
    "unit",
    [
        "<figure><img src=/a.jpg><figcaption>x",
        "<img src=/a.jpg><p class=caption>",
        "<figure><figure>",
        "<picture><source srcset='a 1x,'>",
        "<video><source src=x>",
    ],
)
def test_hostile_markup_takes_linear_time(unit: str) -> None:
    assert_linear(lambda size: read_page((unit * size).encode(), url=BASE), 400, floor_seconds=0.2)


def test_images_in_figures_in_figures_take_linear_time() -> None:
    assert_linear(
        lambda size: read_page(b"<figure><img src=/a.jpg>" * size, url=BASE),
        4000,
        floor_seconds=0.2,
    )


def test_a_long_srcset_is_read_in_linear_time() -> None:
    def read_one(size: int) -> None:
        read_page(f"<img srcset='{'a,' * size} {', ' * size}'>".encode(), url=BASE)

    assert_linear(read_one, 20_000, floor_seconds=0.2)

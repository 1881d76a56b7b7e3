"""A page's copies over time: listed, compared, and how quotes of older ones stand in the newest."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

from django.urls import reverse

from claims.models import Evidence, Page, Passage, Snapshot
from claims.text.anchors import make_anchor
from claims.web.snapshots import digest, text_digest
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World


def copy_again(page: Page, text: str, **fields: Any) -> Snapshot:
    """A later copy of a page that says something else."""
    last = page.snapshots.latest("fetched_at")
    return Snapshot.objects.create(
        page=page,
        final_url=last.final_url,
        status=200,
        fetched_at=last.fetched_at + timedelta(days=30),
        read_at=last.fetched_at + timedelta(days=30),
        seconds=0.2,
        size_bytes=len(text),
        sha256=digest(text.encode()),
        body_path="none",
        fetcher="test",
        reader="html/1",
        text=text,
        text_sha256=text_digest(text),
        **fields,
    )


def quoted(world: World) -> tuple[Evidence, Snapshot]:
    piece = (
        Evidence.objects.filter(ticket=world.near.ticket)
        .select_related("passage")
        .earliest("number")
    )
    return piece, Snapshot.objects.get(pk=piece.passage.snapshot_id)


def show(client: Any, name: str, pk: int, query: str = "") -> str:
    return html.unescape(body_of(client.get(reverse(f"admin:claims_{name}", args=[pk]) + query)))


def test_two_copies_are_compared_word_by_word(world: World, log_in: LogIn) -> None:
    piece, old = quoted(world)
    new = copy_again(old.page, old.text.replace("69.2", "68.9") + "\nA line that is new.")
    client = log_in(world.dan)
    sheet = show(client, "page_change", old.page_id)
    query = f"?older={old.pk}&newer={new.pk}"
    assert query in sheet
    assert "The first copy" in sheet
    told = show(client, "page_compare", old.page_id, query)
    assert '<del><span class="fc-hidden">removed: </span>69.2<' in told
    assert '<ins><span class="fc-hidden">added: </span>68.9<' in told
    assert "6 words added, 1 removed" in told
    # Named the other way round, or not at all, it is still from the older to the newer.
    for other in ("", f"?older={new.pk}&newer={old.pk}", "?older=x&newer=999999"):
        assert "A line that is new.<" in show(client, "page_compare", old.page_id, other), other
    assert piece.passage.quote in sheet


def test_a_page_of_one_copy_has_nothing_to_compare(world: World, log_in: LogIn) -> None:
    _, old = quoted(world)
    client = log_in(world.dan)
    assert "no two copies" in show(client, "page_compare", old.page_id)
    assert "/compare/" not in show(client, "page_change", old.page_id)


def test_a_copy_of_another_page_is_not_compared(world: World, log_in: LogIn) -> None:
    _, old = quoted(world)
    copy_again(old.page, "Quite other words.")
    far = Snapshot.objects.filter(page__team=world.far.team).earliest("pk")
    Snapshot.objects.filter(pk=far.pk).update(text="Words of the far desk.")
    told = show(log_in(world.dan), "page_compare", old.page_id, f"?older={far.pk}")
    assert "far desk" not in told


def test_each_quote_tells_how_it_stands_in_the_newest_copy(world: World, log_in: LogIn) -> None:
    piece, old = quoted(world)
    client = log_in(world.dan)
    quote = piece.passage.quote
    for text, told in (
        (f"A new opening.\n\n{old.text}", "stands at another place"),
        (old.text, "stands where it was"),
        (old.text.replace("69.2", "61.3"), "was rewritten: “"),
        ("Nothing of it is left here.", "is gone"),
    ):
        new = copy_again(old.page, text)
        sheet = show(client, "page_change", old.page_id)
        assert quote[:300] in sheet
        assert f"<td>{told}" in sheet, told
        new.delete()


def test_a_stored_copy_opens_at_the_quote(world: World, log_in: LogIn) -> None:
    piece, old = quoted(world)
    client = log_in(world.dan)
    marked = f'<mark id="quote" tabindex="-1">{piece.passage.quote}</mark>'
    assert marked in show(client, "snapshot_change", old.pk, f"?quote={piece.passage_id}")
    far = Passage.objects.filter(snapshot__page__team=world.far.team).earliest("pk")
    for other in ("", "?quote=x", "?quote=" + "9" * 40, f"?quote={far.pk}"):
        assert "<mark" not in show(client, "snapshot_change", old.pk, other), other


def test_images_and_video_are_links_with_their_captions_and_none_is_loaded(
    world: World, log_in: LogIn
) -> None:
    _, copy = quoted(world)
    address = "https://example.org/a.jpg"
    said = {"caption": "Cranes <b>load</b>.", "description": "A crane"}
    copy.media = [
        {"kind": "image", "url": address, **said},
        {"kind": "video", "url": "javascript:alert(1)", "caption": "", "description": ""},
    ]
    copy.save()
    article = world.near.article
    article.copy = copy
    article.save()
    client = log_in(world.dan)
    for name, row in (("snapshot_change", copy), ("article_change", article)):
        page = body_of(client.get(reverse(f"admin:claims_{name}", args=[row.pk])))
        assert "Images and video (2)" in page, name
        assert "Cranes &lt;b&gt;load&lt;/b&gt;." in page
        assert f'<a href="{address}" class="fc-link fc-link--outside" target="_blank" ' in page
        assert 'rel="noopener noreferrer nofollow"' in page.split(f'href="{address}"')[1][:120]
        assert 'href="javascript' not in page
        assert f'src="{address}' not in page


def test_a_quote_far_into_a_long_copy_is_shown_with_its_surroundings(
    world: World, log_in: LogIn
) -> None:
    _, old = quoted(world)
    text = "Some words of a very long page. " * 20_000 + "The quote is here." + " The rest." * 9
    copy = copy_again(old.page, text)
    start = text.index("The quote")
    anchor = make_anchor(text, start, start + 18)
    passage = Passage.objects.create(
        snapshot=copy, start=start, end=start + 18, quote=anchor.exact, prefix=anchor.prefix
    )
    told = show(log_in(world.dan), "snapshot_change", copy.pk, f"?quote={passage.pk}")
    assert 'tabindex="-1">The quote is here.</mark>' in told
    assert len(told) < 400_000


def test_a_quote_that_is_not_at_its_place_is_said_to_be_so(world: World, log_in: LogIn) -> None:
    piece, old = quoted(world)
    Snapshot.objects.filter(pk=old.pk).update(text="Altered afterwards.")
    told = show(log_in(world.dan), "snapshot_change", old.pk, f"?quote={piece.passage_id}")
    assert "does not stand at its place" in told


def test_evidence_leads_to_its_quote_here_and_on_the_live_page(world: World, log_in: LogIn) -> None:
    piece, old = quoted(world)
    client = log_in(world.dan)
    told = show(client, "ticket_change", piece.ticket_id)
    # Words that are chosen in the copy are meant for the ticket that led there.
    asked = f"?quote={piece.passage_id}&ticket={piece.ticket_id}#quote"
    assert f"/snapshot/{old.pk}/change/{asked}" in told
    assert f"{old.final_url}#:~:text={piece.passage.quote.split()[0]}%20" in told
    assert "something else since" not in told
    copy_again(old.page, old.text, title="The same words again")
    assert "something else since" not in show(client, "ticket_change", piece.ticket_id)
    copy_again(old.page, "Quite other words.")
    told = show(client, "ticket_change", piece.ticket_id)
    assert f"/page/{old.page_id}/compare/?older={old.pk}" in told
    Passage.objects.filter(pk=piece.passage_id).update(place={"page": 12, "row": 3})
    assert "page 12, row of its table 3" in show(client, "ticket_change", piece.ticket_id)


def test_headers_that_were_sent_and_received_are_listed(world: World, log_in: LogIn) -> None:
    _, old = quoted(world)
    headers = {"request": [["Accept", "text/html"]], "response": [["ETag", '"v1"']]}
    Snapshot.objects.filter(pk=old.pk).update(headers=headers)
    told = show(log_in(world.dan), "snapshot_change", old.pk)
    assert "<td>Accept</td><td>text/html</td>" in told
    assert '<td>ETag</td><td>"v1"</td>' in told

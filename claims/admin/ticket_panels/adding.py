"""Adding evidence by hand: an address, a file, a quotation, words of a stored copy.

Promises: what is wrong is said at its field and what was typed stays; a copy of another team
does not exist here; the person goes on while the machine fetches and reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms

from claims import tasks
from claims.admin.ticket_panels.cards import Card
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import LARGEST_INTEGER, MAX_ID_DIGITS, TicketForm
from claims.admin.ticket_panels.sources import SourceLine
from claims.admin.ticket_panels.wording import SOURCE_TYPES
from claims.models import Snapshot
from claims.vocabulary import SourceType
from claims.workflow.gather import BringRefused, Told
from claims.workflow.ingest import IngestRefused
from claims.workflow.weigh import PassageRefused, add_passage

FILE_NAMES = ".pdf,.docx,.xlsx,.csv,.tsv,.png,.jpg,.jpeg,.gif,.webp"
VERBS = ("add_url", "add_file", "add_quote", "passage")


class AddressForm(TicketForm):
    """An address whose page is fetched."""

    url = forms.CharField(error_messages={"required": "Paste the address of a page."})


class _ToldForm(TicketForm):
    """What has no address says who published it."""

    publisher = forms.CharField(error_messages={"required": "Say who published it."})
    kind = forms.ChoiceField(required=False, choices=[("", ""), *SourceType.choices()])

    def told(self) -> Told:
        """Who is said to stand behind it."""
        kind = self.cleaned_data["kind"] or SourceType.UNKNOWN
        return Told(self.cleaned_data["publisher"], SourceType(kind))


class FileForm(_ToldForm):
    """A document that is read, or an image with the words it shows."""

    file = forms.FileField(
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": "Choose a file.",
            "max_length": "The file's name is too long; give it a shorter one.",
        },
    )
    words = forms.CharField(required=False, strip=False)


class QuoteForm(_ToldForm):
    """Words as they were read somewhere, with the address where there is one."""

    quote = forms.CharField(error_messages={"required": "Paste the words."})
    url = forms.CharField(required=False)


class PassageForm(TicketForm):
    """Words of a stored copy, and about where they stand in its text."""

    snapshot = forms.IntegerField(min_value=1, max_value=10**MAX_ID_DIGITS)
    words = forms.CharField(strip=False, error_messages={"required": "Select the words first."})
    near = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)


@dataclass(frozen=True, slots=True)
class Brought:
    """One page or file that a person brought: how far it is, and the pieces it became."""

    title: str
    label: str
    tone: str
    told: str
    detail: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddingPanel:
    """What stands in the forms; ``open_verb`` is the one that was refused."""

    may_add: bool
    open_verb: str
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    kinds: tuple[tuple[str, str], ...]
    brought: tuple[Brought, ...]
    file_names: str = FILE_NAMES


def build_adding(
    desk: Desk,
    verb: str,
    form: TicketForm | None,
    pages: Sequence[SourceLine],
    cards: Sequence[Card],
) -> AddingPanel:
    """The forms, with what was typed into a refused one, and what was brought, the latest first."""
    is_mine = form is not None and verb in VERBS
    names = ("url", "publisher", "kind", "words", "quote", "snapshot")
    return AddingPanel(
        may_add=desk.may_weigh,
        open_verb=verb if is_mine else "",
        typed={name: form.typed(name) for name in names} if form and is_mine else {},
        errors={name: str(found[0]) for name, found in form.errors.items()}
        if form and is_mine
        else {},
        kinds=tuple((one.value, label) for one, label in SOURCE_TYPES.items()),
        brought=tuple(_tell_brought(one, cards) for one in reversed(pages) if one.is_brought),
    )


def post_url(desk: Desk, form: AddressForm) -> str:
    """Have a page fetched, read and weighed."""
    try:
        is_under_way = tasks.bring_address(desk.ticket, form.cleaned_data["url"], by=desk.person)
    except IngestRefused as refused:
        return _put_at_field(form, refused.field, refused.message)
    if not is_under_way:
        return "A fresh copy of this page is here already; its passages are weighed anew."
    return "The page is being fetched and read. Go on; its passages appear here when it is done."


def post_file(desk: Desk, form: FileForm) -> str:
    """Keep a file of the person's."""
    data, upload = form.cleaned_data, form.cleaned_data["file"]
    try:
        piece = tasks.bring_file(
            desk.ticket,
            upload.name,
            # One byte more than is taken says that it is too large.
            upload.read(tasks.MAX_FILE_BYTES + 1),
            form.told(),
            words=data["words"],
            by=desk.person,
        )
    except (IngestRefused, BringRefused) as refused:
        return _put_at_field(form, refused.field, refused.message)
    except PassageRefused as refused:
        return _put_at_field(form, "words", _say(refused))
    if piece is None:
        return "The file is kept and being read. Go on; its passages appear here when it is done."
    form.anchor = f"e-{piece.number}"
    return f"The image is kept; its words are evidence [{piece.number}]."


def post_quote(desk: Desk, form: QuoteForm) -> str:
    """Keep a quotation."""
    data = form.cleaned_data
    try:
        piece = tasks.bring_quote(
            desk.ticket, data["quote"], form.told(), url=data["url"], by=desk.person
        )
    except (IngestRefused, BringRefused) as refused:
        return _put_at_field(form, refused.field, refused.message)
    except PassageRefused as refused:
        return _put_at_field(form, "quote", _say(refused))
    form.anchor = f"e-{piece.number}"
    return f"The quotation is evidence [{piece.number}]."


def post_passage(desk: Desk, form: PassageForm) -> str:
    """Make chosen words of a copy of the team's a passage."""
    data = form.cleaned_data
    copy = (
        Snapshot.objects.filter(pk=data["snapshot"], page__team=desk.ticket.team_id)
        .select_related("page__source")
        .first()
    )
    if copy is None:
        return _put_at_field(form, "snapshot", "There is no such copy.")
    try:
        piece = add_passage(
            desk.ticket, copy, data["words"], by=desk.person, near=data["near"] or 0
        )
    except PassageRefused as refused:
        return _put_at_field(form, "words", _say(refused))
    form.anchor = f"e-{piece.number}"
    return f"The words are evidence [{piece.number}]."


def _tell_brought(page: SourceLine, cards: Sequence[Card]) -> Brought:
    numbers = tuple(card.number for card in cards if card.page_id == page.pk)
    return Brought(page.title, page.label, page.tone, page.told, page.detail, numbers)


def _say(refused: PassageRefused) -> str:
    return f"{str(refused)[:1].upper()}{str(refused)[1:]}."


def _put_at_field(form: TicketForm, field: str, message: str) -> str:
    # A file's words are checked as any text is.
    form.add_error(field if field in form.fields else None, message)
    return ""

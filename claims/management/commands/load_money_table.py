"""``manage.py load_money_table FILE``: a dated table of exchange rates or price levels."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import (
    find_person,
    find_team,
    print_json,
    read_bytes,
    refuse_broken,
)
from claims.workflow.take_in import load_money_table


class Command(BaseCommand):
    """Whole or not at all; exit 2 for a file that cannot be taken in."""

    help = "Load exchange rates or price levels (CSV), by which sums of money are compared."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it is called and of which currency its rates are."""
        parser.add_argument("file", help="a .csv file, or - for standard input")
        parser.add_argument("--name", required=True, help="what comparisons call it")
        parser.add_argument("--base", default="", help="the currency whose one unit buys the rates")
        parser.add_argument("--source", default="", help="where it is from: a link or words")
        parser.add_argument("--replace", action="store_true", help="put it in place of that name's")
        parser.add_argument("--team", help="the team's slug (default: the install's first team)")
        parser.add_argument("--user", help="who loads it: a user name of the team")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and print what it holds."""
        body = read_bytes(options["file"], cure="leave old years out")
        with attached_stack():
            team = find_team(options["team"])
            person = find_person(options["user"], team)
            with refuse_broken(options["file"]):
                table = load_money_table(
                    team,
                    body,
                    by=person,
                    **{key: options[key] for key in ("name", "base", "source", "replace")},
                )
            count = table.values.count()
            codes = table.values.order_by("currency").values_list("currency", flat=True).distinct()
            told_codes = list(codes)
        if options["json"]:
            spoken = {"name": table.name, "kind": table.kind, "values": count}
            print_json({**spoken, "currencies": told_codes})
        else:
            kind = table.get_kind_display().lower()
            self.stdout.write(f"{table.name}: {kind}, {count:,} values of {', '.join(told_codes)}")

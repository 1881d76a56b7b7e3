"""Grids as agencies hand them out: what is title, header, row and footnote."""

from __future__ import annotations

import pytest

from claims.web.documents.shapes import Shaped, shape_table

# Shapes of statistical offices, development banks, ministries and data frames; figures our own.
SDMX = """DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,
SO:PORTS(1.0),12/05/26 11:00:00,A,T,VA,2019,:,,
SO:PORTS(1.0),12/05/26 11:00:00,A,T,VA,2020,48000,p,"""
SDMX_TWICE = """STRUCTURE,geo,geo,TIME_PERIOD,OBS_VALUE
dataflow,VA,Varnholm,2019,:
dataflow,VA,Varnholm,2020,48000"""
FLAGS = """geo,2019,,2020,
Varnholm,:,z,:,
Osterhaven,12500,,13000,e"""
FRAME = """,geo,year,tonnes
a,Varnholm,2019,..
b,Osterhaven,2019,12500"""
TWO_LINES = """,2019,,2020,
Harbour,Salt,Grain,Salt,Grain
Varnholm,48000,100,47000,90"""
TWO_LINES_MERGED = """Harbour,2019,2019,2020,2020
Harbour,Salt,Grain,Salt,Grain
Varnholm,48000,100,47000,90"""
TWO_LINES_OPEN = """Harbour,2019,,2020,
,Salt,Grain,Salt,Grain
Varnholm,48000,100,47000,90"""
THREE_LINES = """Harbour,Handled,,,
,2019,,2020,
,Salt,Grain,Salt,Grain
Varnholm,48000,100,47000,90"""
BANK = """Data source,Ports of the world,,
Last updated,2026-01-05,,

Country,Code,2019,2020
Varn,VRN,,
Oster,OST,12500,13000"""
RAGGED = """Harbour,Salt
Varnholm,48000,47000,46000"""
WORDS = """Country,Capital,Head of state
Varn,Varnholm,Ms Lee
Oster,Osterhaven,Mr Roy"""
NOTED = """Country,Capital,
Varn,Varnholm,
Oster,Osterhaven,since May
Ulm,Ulm,"""
SUPPRESSED = """Area,Measure,Measure,Value
North,Live births,Live births,n/a
South,Live births,Live births,12"""


def shape(text: str) -> Shaped:
    return shape_table([line.split(",") for line in text.split("\n")])


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        (SDMX, "DATAFLOW|LAST UPDATE|freq|unit|geo|TIME_PERIOD|OBS_VALUE|OBS_FLAG", 2),
        (SDMX_TWICE, "STRUCTURE|geo|geo|TIME_PERIOD|OBS_VALUE", 2),
        (FLAGS, "geo|2019||2020|", 2),
        (FRAME, "|geo|year|tonnes", 2),
        (TWO_LINES, "Harbour|2019 Salt|2019 Grain|2020 Salt|2020 Grain", 1),
        (TWO_LINES_MERGED, "Harbour|2019 Salt|2019 Grain|2020 Salt|2020 Grain", 1),
        (TWO_LINES_OPEN, "Harbour|2019 Salt|2019 Grain|2020 Salt|2020 Grain", 1),
        (
            THREE_LINES,
            "Harbour|Handled 2019 Salt|Handled 2019 Grain|Handled 2020 Salt|Handled 2020 Grain",
            1,
        ),
        (RAGGED, "Harbour|Salt||", 1),
        (WORDS, "Country|Capital|Head of state", 2),
        (NOTED, "Country|Capital|", 3),
        (SUPPRESSED, "Area|Measure|Measure|Value", 2),
    ],
)
def test_the_header_is_the_header_and_every_row_a_row(text: str, header: str, rows: int) -> None:
    shaped = shape(text)
    assert "|".join(shaped.header) == header
    assert len(shaped.rows) == rows
    assert (shaped.above, shaped.below) == ((), ())


def test_facts_about_the_table_stand_above_it() -> None:
    shaped = shape(BANK)
    assert shaped.above == ("Data source: Ports of the world", "Last updated: 2026-01-05")
    assert shaped.header == ("Country", "Code", "2019", "2020")
    assert shaped.rows == (("Varn", "VRN", "", ""), ("Oster", "OST", "12500", "13000"))


@pytest.mark.parametrize(
    "text", [SDMX, SDMX_TWICE, FLAGS, FRAME, TWO_LINES, THREE_LINES, BANK, WORDS, SUPPRESSED]
)
def test_every_cell_stands_somewhere_once(text: str) -> None:
    shaped = shape(text)
    told = " ".join((*shaped.above, *shaped.header, *(cell for row in shaped.rows for cell in row)))
    for cell in filter(None, text.replace("\n", ",").split(",")):
        assert cell in told
    values = [cell for line in text.split("\n")[3:] for cell in line.split(",") if cell.isdigit()]
    assert all(told.split().count(value) == 1 for value in values if int(value) > 2100)

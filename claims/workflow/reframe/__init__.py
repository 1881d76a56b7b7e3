"""Reframe: a person corrects what a claim says, slot by slot and number by number.

Promises: the sentence as written and the machine's reading of it stay, and every slot goes
back to that reading in one step; a line of history and a correction row are kept with each
change, and the arithmetic hints are found again. A save over a frame that changed meanwhile
is refused. Compares nothing: the door that runs this verb has the passages held against the
claim again.
"""

from claims.workflow.reframe.adding import add_number
from claims.workflow.reframe.frame import edit_frame
from claims.workflow.reframe.numbers import edit_number, strike_number
from claims.workflow.reframe.refusal import FrameRefused
from claims.workflow.reframe.restoring import restore_machine

__all__ = [
    "FrameRefused",
    "add_number",
    "edit_frame",
    "edit_number",
    "restore_machine",
    "strike_number",
]

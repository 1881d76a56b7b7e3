"""What Django says of a field, where its words name no cure.

Read before any form is made: a form takes its messages when it is defined.
"""

from __future__ import annotations

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

UNSTORABLE = "It holds a character that cannot be stored. Delete it, or type the words anew."
NO_DAY = "Write a day as 2026-11-30."

ProhibitNullCharactersValidator.message = UNSTORABLE
forms.DateField.default_error_messages["invalid"] = NO_DAY

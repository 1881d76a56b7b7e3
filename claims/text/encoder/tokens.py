"""Cut texts into the encoder's tokens.

Promises the token numbers of the published tokenizer, at most as many as asked for, for
any text. Refuses to guess: a lone half of a character pair becomes a replacement mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from claims.text.encoder.weights import load_files

MOST_TOKENS = 256
"""What the publisher trained on; a text is cut there."""
_MOST_CHARS = 8_000
"""Far beyond what 256 tokens of prose hold; a 10 MB line must not be tokenised whole."""


@cache
def _tokenizer(most: int) -> Any:
    # Imported here: nothing of the extra is needed until it is asked for.
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(load_files().tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return tokenizer


def cut_tokens(texts: Sequence[str], *, most: int = MOST_TOKENS) -> list[list[int]]:
    """The token numbers of each text, with its opening and closing mark, at most ``most``."""
    tokenizer = _tokenizer(most)
    # One by one: the batch call starts threads of its own, which forked workers must not have.
    return [
        tokenizer.encode(text[:_MOST_CHARS].encode("utf-8", "replace").decode("utf-8")).ids
        for text in texts
    ]


def name_tokens(numbers: Sequence[int]) -> list[str]:
    """What the tokens of :func:`cut_tokens` are called; a word's later parts begin with ##."""
    tokenizer = _tokenizer(MOST_TOKENS)
    return [tokenizer.id_to_token(number) for number in numbers]

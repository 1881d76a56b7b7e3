"""The files that hold what was learned: plain arrays with a version and digests.

Promises a file that is read without pickle, that says of which version it is and what it was
learned from. Refuses a file of another version, or one for other weights than those in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
_ABOUT = ("version", "data_sha256", "weights_sha256")


def store_arrays(
    path: Path,
    version: int,
    arrays: Mapping[str, NDArray[Any]],
    *,
    data_sha256: str,
    weights_sha256: str = "",
) -> None:
    """Write the file. The digests are hexadecimal: of what was learned from, and of the weights
    that the arrays belong to, where they belong to any."""
    about: Arrays = {"version": np.array(version), "data_sha256": _digest_array(data_sha256)}
    if weights_sha256:
        about["weights_sha256"] = _digest_array(weights_sha256)
    np.savez_compressed(path, allow_pickle=False, **about, **arrays)


def read_arrays(path: Path, version: int, *, weights_sha256: str = "") -> Arrays:
    """The file's arrays by name; raises ``ValueError`` for another version or other weights."""
    with np.load(path, allow_pickle=False) as stored:
        if int(stored["version"]) != version:
            raise ValueError(f"{path.name} is of version {int(stored['version'])}, not {version}")
        if weights_sha256 and stored["weights_sha256"].tobytes().hex() != weights_sha256:
            raise ValueError(f"{path.name} was learned on other weights")
        return {name: stored[name] for name in stored.files if name not in _ABOUT}


def _digest_array(digest: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(digest), dtype=np.uint8)

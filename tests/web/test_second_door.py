"""There is one way out: no module but the guarded client's room, and those named here, may ask."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("claims", "factcheck")
# The room of the guarded client.
OPEN_ROOM = "claims/web/"
# What speaks otherwise: mail goes to the server that the house names, the launcher and its
# servers to this machine.
NAMED = {
    "claims/workflow/tell/sending.py": {"smtplib"},
    "factcheck/stack/launcher.py": {"http"},
    "factcheck/stack/servers.py": {"socket"},
    "factcheck/stack/valkey.py": {"socket"},
}
SPEAKERS = frozenset({
    "requests", "urllib3", "httpx", "httpcore", "aiohttp", "http", "socket", "ssl", "socketserver",
    "selectors", "asyncio", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "xmlrpc",
    "websocket", "websockets", "pycurl", "urllib.request", "urllib.robotparser",
    "trafilatura.downloads",
})  # fmt: skip
LOADERS = frozenset({"__import__", "import_module"})


def spoken(source: str) -> Iterator[str]:
    """The modules of a source that may speak to a network, however they are imported."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Call) and node.args:
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            first = node.args[0]
            if name in LOADERS and isinstance(first, ast.Constant):
                names = [str(first.value)]
        for name in names:
            parts = name.split(".")
            heads = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
            yield from heads & SPEAKERS


def test_no_other_module_may_speak_to_a_network() -> None:
    found: dict[str, set[str]] = {}
    for path in (one for room in ROOMS for one in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(OPEN_ROOM) and (told := set(spoken(path.read_text("utf-8")))):
            found[name] = told
    assert found == NAMED


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("import requests", {"requests"}),
        ("from urllib.request import urlopen", {"urllib.request"}),
        ("from urllib import request as r", {"urllib.request"}),
        ("import http.client as c", {"http"}),
        ("def f():\n    from socket import create_connection", {"socket"}),
        ("import importlib\nimportlib.import_module('httpx')", {"httpx"}),
        ("__import__('aiohttp.client')", {"aiohttp"}),
        ("from urllib.parse import urlsplit\nfrom claims.web import client", set()),
    ],
)
def test_control_a_second_door_is_seen(planted: str, told: set[str]) -> None:
    assert set(spoken(planted)) == told

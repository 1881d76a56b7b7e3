"""A person's browser without a screen: cookies, forms, redirects, and a clock."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: status 0 where nobody listened; ``seconds`` to its last byte."""

    status: int
    headers: dict[str, str]
    text: str
    seconds: float


class Visitor:
    """One logged-in person on 127.0.0.1; ``is_proxied`` says that TLS ended before us."""

    def __init__(
        self, port: int, *, is_proxied: bool = False, patience_seconds: float = 60
    ) -> None:
        """Visit the web server on that port."""
        self._port = port
        self._patience_seconds = patience_seconds
        self._cookies: dict[str, str] = {}
        self._always = {"X-Forwarded-Proto": "https"} if is_proxied else {}
        self._token = ""
        scheme = "https" if is_proxied else "http"
        self._referer = f"{scheme}://127.0.0.1:{port}/"

    def log_in(self, name: str, password: str) -> None:
        """Through the login page, as a person does; raises where it is refused."""
        self.get("/admin/login/")
        page = self.post("/admin/login/", username=name, password=password, next="/admin/")
        if page.status != 302:
            raise RuntimeError(f"login answered {page.status}")
        self.get("/admin/")

    def get(self, path: str) -> Page:
        """A page; its form's token is kept for the next post."""
        return self._ask("GET", path, "")

    def post(self, path: str, **fields: object) -> Page:
        """A form; the redirect is not followed, so that its own time is told."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self._token, **fields}))

    def _ask(self, method: str, path: str, body: str) -> Page:
        started = time.monotonic()
        web = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._patience_seconds)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {**self._always, "Cookie": cookies, "Referer": self._referer}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        parts = urlsplit(path)
        try:
            web.request(method, parts._replace(scheme="", netloc="").geturl(), body, headers)
            answer = web.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            return Page(0, {}, repr(fault), time.monotonic() - started)
        finally:
            web.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value
        found = TOKEN.search(text)
        self._token = found[1] if found else self._token
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, told, text, round(time.monotonic() - started, 3))

"""The environment is read strictly, and both servers are real."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection

from factcheck import env


@pytest.mark.django_db
def test_the_database_is_postgresql_fifteen_or_newer() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone()[0] == "UTF8"


def test_the_cache_is_a_real_server() -> None:
    cache.set("probe", {"n": 1}, 5)
    assert cache.get("probe") == {"n": 1}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40w@db.example:5433/n", ("u", "p@w", "db.example", "5433", "n")),
        ("postgres://u@/n?host=/run/pg", ("u", "", "/run/pg", "", "n")),
        ("postgresql://u@%2Frun%2FPG/n", ("u", "", "/run/PG", "", "n")),
        ("postgresql://u@[::1]:5433/n", ("u", "", "::1", "5433", "n")),
        ("postgresql:///n?host=/run/pg&user=me&port=5440", ("me", "", "/run/pg", "5440", "n")),
    ],
)
def test_database_urls_are_read_in_all_forms(url: str, expected: tuple[str, ...]) -> None:
    read = env.parse_database_url(url)
    assert tuple(read[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://u@h/n", "postgresql://u@h/", "x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(env.SettingRefused, match="DATABASE_URL"):
        env.parse_database_url(url)


def test_allowed_pairs_are_exact() -> None:
    assert env.parse_host_ports("127.0.0.1:8765, [::1]:80,Intra:1", "X") == (
        ("127.0.0.1", 8765),
        ("::1", 80),
        ("intra", 1),
    )


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "*:80", "h:0", "h:65536", "http://h:80", ":80", "h:٣", "a@h:80"]
)
def test_anything_but_a_pair_is_refused(text: str) -> None:
    with pytest.raises(env.SettingRefused, match="FACTCHECK_FETCH_ALLOW"):
        env.parse_host_ports(text, "FACTCHECK_FETCH_ALLOW")


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://:p@h:6380/1", "redis://:p@h:6380/1"),
        ("unix:///run/v.sock?db=1", "redis+socket:///run/v.sock?virtual_host=1"),
    ],
)
def test_the_broker_is_spelled_both_ways(redis: str, celery: str) -> None:
    assert env.celery_broker_url(redis) == celery
    assert env.redis_client_url(celery) == redis


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "x", "0"])
def test_a_number_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(env.SettingRefused, match="LIMIT"):
        env.read_number("LIMIT", 5, least=1, environ={"LIMIT": text})


@pytest.mark.parametrize(
    ("text", "wanted"), [("", None), (" ", None), ("1", True), ("0", False), ("off", False)]
)
def test_a_switch_knows_yes_no_and_unsaid(text: str, wanted: bool | None) -> None:
    assert env.read_switch("X", {"X": text}) is wanted


def test_a_switch_that_says_something_else_is_refused() -> None:
    with pytest.raises(env.SettingRefused, match="X is 'auto'"):
        env.read_switch("X", {"X": "auto"})


def test_options_are_one_json_object_or_refused() -> None:
    assert env.read_options("FACTCHECK_STORAGE_OPTIONS", {}) == {}
    told = {"FACTCHECK_STORAGE_OPTIONS": '{"bucket_name": "copies", "secure": true}'}
    read = env.read_options("FACTCHECK_STORAGE_OPTIONS", told)
    assert read == {"bucket_name": "copies", "secure": True}
    for wrong in ("copies", "[1]", "{", '"a"'):
        with pytest.raises(env.SettingRefused, match="FACTCHECK_STORAGE_OPTIONS"):
            env.read_options("FACTCHECK_STORAGE_OPTIONS", {"FACTCHECK_STORAGE_OPTIONS": wrong})


def test_a_mail_servers_address_is_read_whole() -> None:
    read = env.parse_email_url("smtp+tls://me%40here:p%3Aw@mail.example")
    assert read == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "me@here",
        "EMAIL_HOST_PASSWORD": "p:w",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    assert env.parse_email_url("smtps://mail.example:4465")["EMAIL_USE_SSL"]
    assert env.parse_email_url("file:///var/a%20b")["EMAIL_FILE_PATH"] == "/var/a b"
    assert env.parse_email_url("console:")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert env.parse_email_url("off") == {}


@pytest.mark.parametrize(
    "url",
    ["mail.example", "smtp://", "http://u:secret@h", "smtp://h:x", "smtp://h:99999", "file://a"],
)
def test_any_other_mail_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(env.SettingRefused, match="FACTCHECK_EMAIL_URL") as told:
        env.parse_email_url(url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", ["facts.example.org", "ftp://h", "https://", "https://h/?a"])
def test_links_begin_with_a_whole_address(url: str) -> None:
    assert env.check_public_url("https://facts.example.org/") == "https://facts.example.org"
    with pytest.raises(env.SettingRefused, match="FACTCHECK_PUBLIC_URL"):
        env.check_public_url(url)

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

import liuchi.config

FILE = Path(liuchi.config.__file__).with_name("settings.py")
READ = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SECURE_PROXY_SSL_HEADER",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
)


def settings_read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return {name: value for name, value in runpy.run_path(str(FILE)).items() if name in READ}


def send_form(**headers: str) -> int:
    client = Client(enforce_csrf_checks=True, headers={"host": "liuchi.example", **headers})
    token = "a" * 32
    client.cookies["csrftoken"] = token
    return client.post("/language/", {"language": "en", "next": "/", "csrfmiddlewaretoken": token}).status_code


@pytest.mark.parametrize("forwarded", [{}, {"x-forwarded-proto": "https"}])
def test_form_when_the_house_stands_behind_https_then_taken_from_our_origin_only(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, forwarded: dict[str, str]
) -> None:
    for name, value in settings_read(monkeypatch, LIUCHI_HTTPS="1", LIUCHI_HOSTS="liuchi.example").items():
        setattr(settings, name, value)

    ours = send_form(origin="https://liuchi.example", **forwarded)
    other = send_form(origin="https://evil.example", **forwarded)

    assert (ours, other) == (302, 403)


def test_form_when_no_https_is_promised_then_a_forwarded_header_changes_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for name, value in settings_read(monkeypatch, LIUCHI_HTTPS="", LIUCHI_HOSTS="liuchi.example").items():
        setattr(settings, name, value)

    plain = send_form(origin="http://liuchi.example")
    claimed = send_form(origin="https://liuchi.example", **{"x-forwarded-proto": "https"})

    assert (plain, claimed) == (302, 403)


def test_settings_when_https_is_promised_then_cookies_travel_over_it_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read = settings_read(monkeypatch, LIUCHI_HTTPS="1", LIUCHI_HOSTS=".liuchi.example,*,a.liuchi.example:8443")

    assert (read["SESSION_COOKIE_SECURE"], read["CSRF_COOKIE_SECURE"]) == (True, True)
    assert read["CSRF_TRUSTED_ORIGINS"] == ["https" + "://*.liuchi.example", "https://a.liuchi.example:8443"]

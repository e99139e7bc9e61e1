"""A running demo and a real browser. Without Chromium journeys are skipped, unless LIUCHI_BROWSER_REQUIRED is set."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from liuchi.embedded import default_data

START_WITHIN = 120.0
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """Run `liuchi demo` on a free port with fresh data; give the address, and check that nothing is left behind."""
    data = default_data("journeys")
    shutil.rmtree(data, ignore_errors=True)
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LIUCHI_", "DATABASE_URL"))}
    words = [sys.executable, "-m", "liuchi.doors.cli.main", "demo", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
        shutil.rmtree(data, ignore_errors=True)
    assert code == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium, headless; end it with its module, for Django takes its thread for asynchronous."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("LIUCHI_BROWSER_REQUIRED"):
            pytest.fail("Chromium is not installed, and LIUCHI_BROWSER_REQUIRED is set")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser, demo: str) -> Iterator[Page]:
    """Give a page as wide as a phone, in Chinese, without JavaScript."""
    with _phone_page(browser, demo) as page:
        yield page


@pytest.fixture
def other_phone(browser: Browser, demo: str) -> Iterator[Page]:
    """Give a second phone, that knows nothing of the first."""
    with _phone_page(browser, demo) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, demo: str) -> Iterator[Page]:
    """Give a page as wide as a desk, in Chinese."""
    context = browser.new_context(base_url=demo, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@contextmanager
def _phone_page(browser: Browser, demo: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=demo, viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    pytest.fail("the demo did not answer in time")

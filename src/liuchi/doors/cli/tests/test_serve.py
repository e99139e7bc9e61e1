import pytest
from pytest_django import Settings

from liuchi.doors.cli.commands.serve import is_open_to_all


@pytest.mark.parametrize(
    ("address", "https", "is_open"),
    [("127.0.0.1", False, False), ("0.0.0.0", False, True), ("0.0.0.0", True, False), ("::", False, True)],
)
def test_address_is_open_to_all_when_others_reach_it_and_nobody_said_https(
    settings: Settings, address: str, https: bool, is_open: bool
) -> None:
    settings.LIUCHI_HTTPS = https

    assert is_open_to_all(address) is is_open

import pytest
from django.db import connection

from liuchi.ground.journal.testing import committed

__all__ = ["committed"]


@pytest.fixture
def test_database_only(django_db_setup: None) -> None:
    """Stop before a test that commits for real and then empties every table reaches another database.

    The test database is only made when some collected test bears the mark django_db.
    """
    if not str(connection.settings_dict["NAME"]).startswith("test_"):
        pytest.fail("This test runs only together with a test marked django_db: run its whole file.")

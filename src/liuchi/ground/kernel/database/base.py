"""Django's PostgreSQL backend with the guard built in, so that no connection can be opened without it."""

from typing import Any

from django.db.backends.postgresql import base as postgresql

from liuchi.ground.kernel.guard import refuse_stray_writes


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A PostgreSQL connection that refuses writes outside actions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(refuse_stray_writes)

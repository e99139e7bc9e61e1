from base64 import b64encode
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore

from liuchi.doors.ui.personal import count_session_keys
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.records.key_counts import KeyNeed, needs

pytestmark = pytest.mark.django_db


def _session(**values: object) -> None:
    session = SessionStore()
    session.update(values)
    session.save()


def test_session_when_it_keeps_a_sealed_value_then_its_key_is_needed_until_it_runs_out() -> None:
    _session(kept_fields=b64encode(keyring().seal("{}", "session.kept_fields")).decode(), other="x")
    _session(receipts="not base64!", sent=5)

    assert count_session_keys() == {keyring().sealing.current: 1}
    assert KeyNeed("sealing", keyring().sealing.current, "sessions", 1) in list(needs())
    with frozen_at(clock.now() + timedelta(days=2)):
        assert count_session_keys() == {}

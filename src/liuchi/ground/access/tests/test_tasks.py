from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from liuchi.ground.access.tasks import clear_sessions


@pytest.mark.django_db
def test_sessions_when_they_have_run_out_then_are_deleted_and_others_stay() -> None:
    for key, hours in (("past", -1), ("present", 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=timezone.now() + timedelta(hours=hours))

    clear_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["present"]

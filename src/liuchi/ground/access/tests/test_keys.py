from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.access.actions import (
    KeyRefused,
    NewKey,
    end_grant,
    make_key,
    record_key_use,
    record_look_up,
    revoke_key,
)
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.models import Account, ApiKey, Grant
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.access.rules import NotForOneself, ReasonMissing
from liuchi.ground.access.testing import MORNING, SETUP, Ground, give, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id

DAY = timedelta(days=1)
HERE = "10.1.2.3"


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("security", "security_admin", made.district)
        give("town-security", "security_admin", made.towns[0])
        give("owner", "grid_worker", made.towns[0])
        give("owner", "handler", made.district, made.water)
        yield made


def wanted(ground: Ground, **values: Any) -> NewKey:
    given = {
        "name": "市平台对接",
        "owner_id": Account.objects.get(username="owner").id,
        "powers": ["cases.see", "cases.handle", "people.see", "cases.dispatch"],
        "areas": [ground.communities[0].id, ground.communities[-1].id],
        "expires_at": MORNING + 30 * DAY,
        "reason": "数据共享协议",
        **values,
    }
    return NewKey(**given)


def made(ground: Ground, **values: Any) -> tuple[ApiKey, str]:
    return make_key(by=ground.viewer("security"), key=wanted(ground, **values))


def test_key_when_used_then_opens_what_key_and_owner_have_in_common(ground: Ground) -> None:
    key, secret = made(ground)

    viewer = viewer_for_key(secret, HERE)

    assert viewer is not None
    here, there = ground.grids[0].id, ground.grids[-1].id
    assert viewer.areas("cases.see") == {ground.communities[0].id, ground.grids[0].id, ground.grids[1].id}
    assert (viewer.allows("people.see", here), viewer.allows("people.see", there)) == (True, False)
    assert (viewer.allows("people.lookup"), viewer.allows("cases.dispatch"), viewer.allows("cases.report")) == (
        False,
    ) * 3
    assert viewer.organisations("cases.handle") == {ground.water.id}
    assert (viewer.id, viewer.on_behalf_of, viewer.key_id) == (key.owner_id, key.id, key.id)


def test_key_when_bound_to_a_unit_then_opens_what_the_owner_does_there(ground: Ground) -> None:
    _, secret = made(ground, organisation_id=ground.water.id)

    viewer = viewer_for_key(secret, HERE)

    assert viewer is not None
    assert (viewer.allows("cases.handle"), viewer.allows("cases.see")) == (True, False)


def test_key_when_made_then_only_a_hash_is_kept_and_the_line_tells_its_scopes(ground: Ground) -> None:
    key, secret = made(ground, networks=["10.1.0.0/16", " 192.168.7.1 "])

    row = ApiKey.objects.get()
    assert secret.encode() not in bytes(row.digest)
    assert (row.prefix, row.networks) == (secret.partition(".")[0], ["10.1.0.0/16", "192.168.7.1/32"])
    line = Line.objects.get(kind="access.key_made")
    assert (line.data["powers"], line.data["key"]) == (sorted(wanted(ground).powers), str(key.id))
    assert secret not in str(line.data)


@pytest.mark.parametrize(
    ("address", "comes_in"),
    [
        ("10.1.255.255", True),
        ("10.2.0.1", False),
        ("192.168.7.1", True),
        ("::ffff:10.1.0.1", True),
        ("::1", False),
        ("", False),
    ],
)
def test_key_when_it_names_networks_then_comes_in_from_there_only(ground: Ground, address: str, comes_in: bool) -> None:
    _, secret = made(ground, networks=["10.1.0.0/16", "192.168.7.1"])

    assert (viewer_for_key(secret, address) is not None) is comes_in


def test_key_when_wrong_in_any_way_then_nobody_comes_in(ground: Ground) -> None:
    key, secret = made(ground)
    prefix = secret.partition(".")[0]

    assert viewer_for_key(secret, HERE) is not None
    for wrong in (
        "",
        prefix,
        f"{prefix}.",
        f"{prefix}.{'x' * 43}",
        secret + "x",
        "lk2222222222." + secret.partition(".")[2],
    ):
        assert viewer_for_key(wrong, HERE) is None
    with frozen_at(key.expires_at):
        assert viewer_for_key(secret, HERE) is None


def test_key_when_the_owners_grant_ends_then_opens_it_no_more(ground: Ground) -> None:
    _, secret = made(ground)
    with frozen_at(MORNING + DAY):
        end_grant(by=SETUP, grant_id=Grant.objects.get(role__code="grid_worker").id, reason="调离")
        viewer = viewer_for_key(secret, HERE)

    assert viewer is not None
    assert viewer.areas("cases.see") == frozenset()


def test_key_when_revoked_then_nobody_comes_in(ground: Ground) -> None:
    first, secret = made(ground)
    second, other = made(ground)

    revoke_key(by=ground.viewer("security"), key_id=first.id, reason="leaked")
    revoke_key(by=ground.viewer("owner"), key_id=second.id, reason="unused")

    assert (viewer_for_key(secret, HERE), viewer_for_key(other, HERE)) == (None, None)
    assert ApiKey.objects.get(id=first.id).revoked_by_id == ground.viewer("security").id
    with pytest.raises(NotFound):
        revoke_key(by=ground.viewer("security"), key_id=first.id, reason="leaked")


def test_key_when_somebody_else_revokes_it_then_refused(ground: Ground) -> None:
    key, _ = made(ground)

    for username in ("town-security",):
        with pytest.raises(NotAllowed):
            revoke_key(by=ground.viewer(username), key_id=key.id, reason="leaked")


REFUSED: dict[str, tuple[str, dict[str, Any], type[RuleBroken], str | None]] = {
    "without the power": ("owner", {}, NotAllowed, None),
    "beyond the area": ("town-security", {}, NotAllowed, None),
    "without a name": ("security", {"name": " "}, KeyRefused, "name"),
    "without a reason": ("security", {"reason": ""}, ReasonMissing, "reason"),
    "that opens nothing": ("security", {"powers": []}, KeyRefused, "powers"),
    "nowhere": ("security", {"areas": []}, KeyRefused, "areas"),
    "in no area": ("security", {"areas": [new_id()]}, NotFound, None),
    "of nobody": ("security", {"owner_id": new_id()}, NotFound, None),
    "in no unit": ("security", {"organisation_id": new_id()}, NotFound, "organisation"),
    "that is over": ("security", {"expires_at": MORNING}, KeyRefused, "expires_at"),
    "for too long": ("security", {"expires_at": MORNING + 367 * DAY}, KeyRefused, "expires_at"),
    "from no network": ("security", {"networks": ["10.0.0.0/99"]}, KeyRefused, "networks"),
    **{
        f"that opens {power}": ("security", {"powers": ["cases.see", power]}, KeyRefused, "powers")
        for power in [*sorted(NOT_FOR_KEYS), "cases.everything"]
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_key_when_it_breaks_a_rule_then_refused(ground: Ground, case: str) -> None:
    username, values, error, field = REFUSED[case]

    with pytest.raises(error) as refused:
        make_key(by=ground.viewer(username), key=wanted(ground, **values))

    assert refused.value.field == field
    assert not ApiKey.objects.exists()


def test_key_when_it_would_be_ones_own_then_refused(ground: Ground) -> None:
    give("security-2", "resident", ground.district, person=Account.objects.get(username="security").person)

    for username in ("security", "security-2"):
        with pytest.raises(NotForOneself):
            made(ground, owner_id=Account.objects.get(username=username).id)


def test_use_of_a_key_when_noted_then_once_a_day_of_chinas(ground: Ground) -> None:
    key, secret = made(ground)
    viewer = viewer_for_key(secret, HERE)
    assert viewer is not None

    noted = []
    for hours in (0, 1, 14, 15, 16):  # 9:00, 10:00, 23:00, 0:00, 1:00 in China
        with frozen_at(MORNING + timedelta(hours=hours)):
            noted.append(record_key_use(by=viewer, key_id=key.id))

    assert noted == [True, False, False, True, False]
    assert str(ApiKey.objects.get().last_used_on) == "2024-09-13"


def test_read_with_a_key_when_it_leaves_a_line_then_the_line_names_the_key(ground: Ground) -> None:
    key, secret = made(ground)
    viewer = viewer_for_key(secret, HERE)
    assert viewer is not None

    record_look_up(by=viewer, field="people.phone", value="1", purpose="verifying", found=None)

    line = Line.objects.get(kind="access.looked_up")
    assert (line.actor_id, line.on_behalf_of) == (key.owner_id, key.id)


def test_key_when_read_then_two_queries(ground: Ground) -> None:
    _, secret = made(ground)

    with CaptureQueriesContext(connection) as asked:
        viewer_for_key(secret, HERE)

    assert len(asked) == 2

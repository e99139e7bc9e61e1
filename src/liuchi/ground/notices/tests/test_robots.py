"""Group robots: tokens, what goes into a group, and what services answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from pytest_django import Settings

from liuchi.ground.access.testing import MORNING, Ground, give
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices import robots, tasks
from liuchi.ground.notices.actions import NewRobot, RobotRefused, add_robot, prepare_digests, remove_robot, send_test
from liuchi.ground.notices.failures import Failed
from liuchi.ground.notices.models import Delivery, Robot, RobotKind
from liuchi.ground.notices.queries import robots_for
from liuchi.ground.notices.robots import is_secret, say_in_group, secret_in
from liuchi.ground.notices.testing import FakeGroup, fake_group, in_china, reader, tell

pytestmark = [pytest.mark.django_db]
BY = System("tests")
TOKEN = "a1b2c3d4-0000-1111-2222-333344445555"
HTTPS = "https:" + "//"
SIGNED = "abcdef0123456789abcdef0123456789/SEC0123456789abcdef0123456789abcdef"


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[FakeGroup]:
    """Let every service be the fake one."""
    with fake_group() as fake:
        settings.LIUCHI_OUTGOING_ALLOWED = fake.address
        for kind, service in robots.SERVICES.items():
            here = replace(service, scheme="http", host=urlsplit(fake.address).netloc)
            monkeypatch.setitem(robots.SERVICES, kind, here)
        yield fake


@pytest.fixture
def robot(ground: Ground) -> Robot:
    """Return a robot in the group of the water centre, that hears of the tests' topic."""
    return _add(ground)


def _add(ground: Ground, **more: object) -> Robot:
    given = {"kind": RobotKind.WECOM, "name": "工作群", "secret": TOKEN, "topics": ["tests"], **more}
    with frozen_at(MORNING):
        return add_robot(by=BY, robot=NewRobot(ground.water.id, **given))  # type: ignore[arg-type]


def _words(heard: dict[str, dict[str, str]]) -> str:
    return heard["text"]["content"] if "text" in heard else heard["content"]["text"]


@pytest.mark.parametrize(
    ("kind", "typed", "secret"),
    [
        ("wecom", f"{HTTPS}qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}", TOKEN),
        ("wecom", f"  {TOKEN} ", TOKEN),
        ("feishu", f"{HTTPS}open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", TOKEN),
        ("feishu", f"{HTTPS}open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}/", TOKEN),
        ("dingtalk", HTTPS + "oapi.dingtalk.com/robot/send?access_token=" + SIGNED.split("/")[0], SIGNED.split("/")[0]),
        ("dingtalk", SIGNED.replace("/", " "), SIGNED),
    ],
)
def test_token_when_pasted_as_the_group_shows_it_then_found(kind: str, typed: str, secret: str) -> None:
    assert secret_in(kind, typed) == secret
    assert is_secret(kind, secret)


@pytest.mark.parametrize(
    "typed", ["", "short", "https://evil.example/x", f"{TOKEN}@evil.example", f"{TOKEN}/../x", "a b"]
)
@pytest.mark.parametrize("kind", RobotKind.values)
def test_token_when_it_is_none_then_refused(kind: str, typed: str) -> None:
    assert not is_secret(kind, secret_in(kind, typed))


@pytest.mark.parametrize("kind", RobotKind.values)
def test_line_when_said_then_it_reaches_the_service_as_it_wants_it(group: FakeGroup, kind: str) -> None:
    with frozen_at(MORNING):
        say_in_group(kind, SIGNED if kind == "dingtalk" else TOKEN, "有 3 件")

    assert _words(group.heard[0]) == "有 3 件"
    query = parse_qs(urlsplit(group.paths[0]).query)
    if kind == "dingtalk":
        assert query["timestamp"] == ["1726102800000"]
        assert query["sign"] == ["rIK8aRHk1lqDSu6e3yZd1Ng6kUvVVmpL8xwTYAJkXb4="] or len(query["sign"][0]) == 44
    else:
        assert TOKEN in group.paths[0]


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (200, {"errcode": 93000, "code": 19001}, {"wecom": "wecom-93000", "feishu": "feishu-19001"}),
        (500, {}, {"wecom": "http-500", "feishu": "http-500"}),
        (200, b"<html>", {"wecom": "unreadable", "feishu": "unreadable"}),
    ],
)
@pytest.mark.parametrize("kind", ["wecom", "feishu"])
def test_line_when_the_service_refuses_then_the_code_says_so_also_where_it_answers_200(
    group: FakeGroup, kind: str, status: int, answer: object, code: dict[str, str]
) -> None:
    group.status, group.answer = status, answer

    with pytest.raises(Failed) as caught:
        say_in_group(kind, TOKEN, "x")

    assert caught.value.code == code[kind]


def test_line_when_nobody_answers_then_failed_without_naming_the_address(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = "http://127.0.0.1:1"
    service = replace(robots.SERVICES["wecom"], scheme="http", host="127.0.0.1:1")
    monkeypatch.setitem(robots.SERVICES, "wecom", service)

    with pytest.raises(Failed) as caught:
        say_in_group("wecom", TOKEN, "x")

    assert caught.value.code == "unreachable"
    assert TOKEN not in repr(caught.value) + repr(caught.value.__context__ and caught.value.__suppress_context__)


def test_urgent_matter_when_a_unit_has_a_robot_then_the_group_hears_how_many_and_nothing_else(
    ground: Ground, robot: Robot, group: FakeGroup
) -> None:
    """Canary: neither number, nor words, nor anybody's name gets into the group."""
    people = [give(name, "handler", ground.district, ground.water).person_id for name in ("张三", "李四", "王五")]
    with frozen_at(MORNING):
        for number in ("20240912-777777", "20240912-888888"):
            tell(people, number=number, urgent=True, organisation_id=ground.water.id, words="金丝雀")
        tasks.send()

    (heard,) = group.heard
    assert _words(heard) == "【六尺】供水中心，请到工作台查看：\n有进展的案件 2 件"
    said = json.dumps(group.heard, ensure_ascii=False)
    assert not any(canary in said for canary in ("777777", "888888", "金丝雀", "张三", "李四", "王五", "1990000"))


def test_ordinary_matters_when_a_unit_has_a_robot_then_one_digest_a_day_with_counts_though_some_have_read_them(
    ground: Ground, robot: Robot, group: FakeGroup
) -> None:
    person = give("water", "handler", ground.district, ground.water).person_id
    with frozen_at(in_china("2024-09-12T15:00")):
        for number in range(5):
            tell([person], number=f"20240912-{number:06}", organisation_id=ground.water.id)
        tell([person], organisation_id=ground.lights.id)

    for at in ("2024-09-13T09:00", "2024-09-13T09:10", "2024-09-14T09:00"):
        with frozen_at(in_china(at)):
            prepare_digests(by=BY)
            tasks.send()

    assert [_words(heard).splitlines()[1:] for heard in group.heard] == [["有进展的案件 5 件"]]


def test_robot_when_it_does_not_hear_of_a_topic_then_the_group_is_not_told(ground: Ground, group: FakeGroup) -> None:
    _add(ground, topics=["messages"])
    person = give("water", "handler", ground.district, ground.water).person_id

    with frozen_at(MORNING):
        tell([person], urgent=True, organisation_id=ground.water.id)

    assert Delivery.objects.count() == 0


def test_robot_when_it_is_night_then_the_group_sleeps(ground: Ground, robot: Robot, group: FakeGroup) -> None:
    person = give("water", "handler", ground.district, ground.water).person_id

    with frozen_at(in_china("2024-09-12T22:00")):
        tell([person], urgent=True, organisation_id=ground.water.id)
        tasks.send()

    assert group.heard == []
    assert Delivery.objects.get().next_at == in_china("2024-09-13T08:00")


def test_robot_when_tested_then_it_says_that_it_works_at_any_hour(robot: Robot, group: FakeGroup) -> None:
    with frozen_at(in_china("2024-09-12T22:00")):
        send_test(by=BY, robot_id=robot.id)
        send_test(by=BY, robot_id=robot.id)
        tasks.send()

    assert len(group.heard) == 1
    assert "供水中心" in _words(group.heard[0])


def test_robot_when_kept_then_its_token_is_sealed_and_bound_to_it(robot: Robot) -> None:
    assert TOKEN.encode() not in bytes(robot.secret_sealed)
    assert robots.ROBOT == "notices.robot"


def test_robot_when_removed_then_it_is_silent_and_its_token_gone(
    ground: Ground, robot: Robot, group: FakeGroup
) -> None:
    with frozen_at(MORNING):
        send_test(by=BY, robot_id=robot.id)

        remove_robot(by=BY, robot_id=robot.id)
        tasks.send()

    robot.refresh_from_db()
    assert (group.heard, bytes(robot.secret_sealed), robot.is_active) == ([], b"", False)
    with pytest.raises(NotFound):
        send_test(by=BY, robot_id=robot.id)
    _add(ground)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"secret": "x"}, "secret"), ({"topics": ["nothing"]}, "topics"), ({"name": "工作群"}, "name")],
)
def test_robot_when_it_cannot_be_set_up_then_refused_naming_the_field(
    ground: Ground, robot: Robot, change: dict[str, object], field: str
) -> None:
    with pytest.raises(RobotRefused) as caught:
        _add(ground, **{"name": "另一个群", **change})

    assert caught.value.field == field


def test_robots_when_somebody_without_the_power_looks_or_acts_then_nothing(ground: Ground, robot: Robot) -> None:
    give("manager", "system_admin", ground.district)
    give("resident", "resident", ground.district)
    nobody = reader("resident")

    assert robots_for(reader("manager")) == [robot]
    assert robots_for(nobody) == []
    for act in (remove_robot, send_test):
        with pytest.raises(NotAllowed):
            act(by=nobody, robot_id=robot.id)
    with pytest.raises(NotAllowed):
        add_robot(by=nobody, robot=NewRobot(ground.water.id, RobotKind.WECOM, "x", TOKEN, ["tests"]))
    with pytest.raises(NotFound):
        add_robot(by=BY, robot=NewRobot(new_id(), RobotKind.WECOM, "x", TOKEN, ["tests"]))


def test_fake_group_when_spoken_to_then_keeps_what_it_heard_and_answers_as_told() -> None:
    with fake_group() as fake:
        fake.answer = {"errcode": 7}
        with urlopen(f"{fake.address}/x?key=1", data=b'{"a": 1}', timeout=5) as answer:
            assert json.loads(answer.read()) == {"errcode": 7}

    assert (fake.heard, fake.paths) == ([{"a": 1}], ["/x?key=1"])

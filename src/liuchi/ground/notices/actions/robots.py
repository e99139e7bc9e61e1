"""Robots in the group chats of organisations."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.notices.kinds import ROBOT_ADDED, ROBOT_REMOVED, ROBOT_TESTED
from liuchi.ground.notices.models import Delivery, DeliveryKind, DeliveryState, Robot, RobotKind, Way
from liuchi.ground.notices.outgoing import SEND
from liuchi.ground.notices.robots import ROBOT, is_secret, secret_in
from liuchi.ground.notices.templates import topics
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.records.protected import seal

POWER: Final = "notices.manage"


class RobotRefused(RuleBroken):
    """The robot cannot be set up like this."""

    code = "robot_refused"


@dataclass(frozen=True)
class NewRobot:
    """A robot to add: `secret` is the webhook's address as the group shows it, or its token."""

    organisation_id: UUID
    kind: RobotKind
    name: str
    secret: str
    topics: Collection[str]


@action
def add_robot(*, by: Actor, robot: NewRobot) -> Robot:
    """Add a robot to the group chat of an organisation; its token is sealed and shown to nobody again.

    Raises:
        NotAllowed: without the power at the organisation's place.
        NotFound: there is no such organisation.
        RobotRefused: the token is none of this kind's, the name is taken, or no topic was chosen.
    """
    body = Organisation.objects.filter(id=robot.organisation_id, valid_to=None).first()
    if body is None:
        raise NotFound(_("There is no such organisation."))
    _require_manager(by, body.area_id)
    secret = secret_in(robot.kind, robot.secret)
    if not is_secret(robot.kind, secret):
        raise RobotRefused(
            _("This is no webhook of that kind. Copy it from the settings of the group."), field="secret"
        )
    chosen = sorted(set(robot.topics) & topics().keys())
    if not chosen:
        raise RobotRefused(_("Choose at least one topic."), field="topics")
    if Robot.objects.filter(organisation=body, name=robot.name, is_active=True).exists():
        raise RobotRefused(_("This organisation has a robot of that name."), field="name")
    row_id = new_id()
    sealed = seal(secret, ROBOT, row_id)
    row = Robot(
        id=row_id,
        organisation=body,
        kind=robot.kind,
        name=robot.name,
        secret_sealed=sealed,
        topics=chosen,
        created_at=clock.now(),
    )
    facts = {"robot_kind": str(robot.kind), "organisation": body.id, "topics": chosen}
    record(
        kind=ROBOT_ADDED,
        by=by,
        subject_type="notices.robot",
        subject_id=row.id,
        place_id=body.area_id,
        data=facts,
        rows=[row],
    )
    return row


@action
def remove_robot(*, by: Actor, robot_id: UUID) -> Robot:
    """Silence a robot for good, drop what waits for it and forget its token.

    Raises:
        NotFound: there is no such robot.
        NotAllowed: without the power at its organisation's place.
    """
    robot = _robot(by, robot_id)
    robot.is_active, robot.secret_sealed = False, b""
    robot.save(update_fields=["is_active", "secret_sealed"])
    waiting = Delivery.objects.filter(robot=robot, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.DROPPED, next_at=None, changed_at=clock.now())
    record(
        kind=ROBOT_REMOVED,
        by=by,
        subject_type="notices.robot",
        subject_id=robot.id,
        place_id=robot.organisation.area_id,
    )
    return robot


@action
def send_test(*, by: Actor, robot_id: UUID) -> Delivery:
    """Have a robot say that it works, at once; return the delivery, whose state tells how it went.

    Raises:
        NotFound: there is no such robot.
        NotAllowed: without the power at its organisation's place.
    """
    robot, now = _robot(by, robot_id), clock.now()
    waiting = Delivery.objects.filter(robot=robot, kind=DeliveryKind.TEST, state=DeliveryState.WAITING).first()
    delivery = waiting or Delivery.objects.create(
        way=Way.ROBOT, kind=DeliveryKind.TEST, robot=robot, next_at=now, created_at=now, changed_at=now
    )
    record(
        kind=ROBOT_TESTED,
        by=by,
        subject_type="notices.robot",
        subject_id=robot.id,
        place_id=robot.organisation.area_id,
    )
    defer(SEND)
    return delivery


def _require_manager(by: Actor, area_id: UUID | None) -> None:
    """Refuse who may not look after messages there.

    Raises:
        NotAllowed: always then.
    """
    if not by.allows(POWER, area_id):
        raise NotAllowed(_("Looking after messages is for whoever holds the power for it."))


def _robot(by: Actor, robot_id: UUID) -> Robot:
    found = Robot.objects.select_for_update(of=("self",)).select_related("organisation")
    robot = found.filter(id=robot_id, is_active=True).first()
    if robot is None:
        raise NotFound(_("There is no such robot."))
    _require_manager(by, robot.organisation.area_id)
    return robot

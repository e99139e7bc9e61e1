"""A group robot and a test message of it, for the access matrix."""

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.notices.actions import NewRobot, add_robot, send_test
from liuchi.ground.notices.models import RobotKind

TOKEN = "canary00-1111-2222-3333-444455556666"
_WHOLE = "messages are looked after for the whole district"


def samples(world: World) -> Samples:
    """Return a robot of the water centre, whose token nobody may ever read."""
    robot = add_robot(by=SETUP, robot=NewRobot(world.water.id, RobotKind.WECOM, "群", TOKEN, ["cases.work"]))
    delivery = send_test(by=SETUP, robot_id=robot.id)
    return Samples(
        pages=(
            Sample("messages-test", {"robot_id": robot.id}, no_area=_WHOLE),
            Sample("messages-remove", {"robot_id": robot.id}, no_area=_WHOLE),
            Sample("messages-settle", {"delivery_id": delivery.id, "what": "drop"}, no_area=_WHOLE),
        ),
        canaries=(Canary(TOKEN, None),),
    )

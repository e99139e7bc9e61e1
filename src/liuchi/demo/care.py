"""Loading who is cared for in 工农小区, and the texts that people are asked to agree to. All are made up."""

from datetime import date, timedelta

from liuchi.demo.district.estate import Home, households
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.actions.care import begin_care
from liuchi.ground.people.actions.consents import publish_consent_text
from liuchi.ground.people.models import CareStatus, ConsentText

LOADER = System("demo")
CATEGORY, BASIS = "living-alone", "工农小区老年人探访登记表（示范）"
#: Who lives alone and is this old is visited; the last entries run out soon, so that there is one to extend.
AGE, MOST, RUN_OUT_SOON = 75, 24, 3
_TEXTS = (
    (
        "messages",
        "接收短信和群消息提醒",
        "同意把我的办理进度发到登记的手机。不同意不影响办事，可随时撤回。",
    ),
    ("photos", "活动照片公开", "同意社区在公示栏和公众号使用我参加活动的照片。不同意不影响参加活动，可随时撤回。"),
)


def load_care(today: date) -> int:
    """Load the register of care and the consent texts, unless there are any; return how many entries are new."""
    if not ConsentText.objects.exists():
        for purpose, title, text in _TEXTS:
            publish_consent_text(by=LOADER, purpose=purpose, title=title, text=text)
    if CareStatus.objects.exists():
        return 0
    alone = [home for home in households() if _is_old_and_alone(home, today)][:MOST]
    for place, home in enumerate(alone):
        days = 20 if place < RUN_OUT_SOON else 240 + 5 * place
        begin_care(
            by=LOADER,
            person_id=home.members[0].id,
            category=CATEGORY,
            basis=BASIS,
            valid_from=today - timedelta(days=1),
            valid_to=today + timedelta(days=days),
        )
    return len(alone)


def _is_old_and_alone(home: Home, today: date) -> bool:
    born_in = int(home.members[0].identity[6:10])
    return len(home.members) == 1 and today.year - born_in > AGE

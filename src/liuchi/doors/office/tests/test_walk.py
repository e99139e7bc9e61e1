from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.testing import World, point_in
from liuchi.ground.journal.models import Line


def test_report_when_walked_through_every_stage_by_its_people_then_the_public_page_tells_it(world: World) -> None:
    longitude, latitude = point_in(world, 0)
    resident, desk, dispatcher = browser(), browser("desk"), browser("dispatcher")
    water, checker = browser("water"), browser("checker")
    number, code = report_by_page(
        resident, "门口井盖破了", longitude=str(longitude), latitude=str(latitude), name="张三", phone="19900000001"
    )
    office = f"/office/cases/{number}/"

    def version() -> str:
        return str(Case.objects.get(number=number).version)

    answers = [
        desk.post(office + "send_to_verify/", {"version": version(), "text": "请看一下"}),
        checker.post(office + "verify/", {"version": version(), "found": "yes", "text": "确实破了"}),
        desk.post(office + "file/", {"version": version(), "condition": str(world.conditions[0].id)}),
        dispatcher.post(office + "dispatch/", {"version": version(), "unit": str(world.water.id), "text": "尽快"}),
        water.post(office + "hand_in/", {"version": version(), "text": "已换新井盖", "internal_text": "型号 700"}),
        checker.post(office + "fail_check/", {"version": version(), "reason": "poor_quality", "text": "还在响"}),
        water.post(office + "hand_in/", {"version": version(), "text": "已加胶垫"}),
        checker.post(office + "pass_check/", {"version": version()}),
        desk.post(office + "close/", {"version": version(), "text": "谢谢你的反映"}),
        resident.post(f"/cases/{number}/rate/", {"rating": "5"}),
        resident.post(f"/cases/{number}/reopen/", {"text": "又响了"}),
    ]

    assert [answer.status_code for answer in answers] == [302] * len(answers)
    case = Case.objects.get(number=number)
    assert case.state == State.FILED
    assert Line.objects.filter(subject_id=case.id).count() == 12
    page = browser().get(f"/cases/{number}/").content.decode()
    told = [
        "已反映",
        "已安排现场核实",
        "现场核实：情况属实",
        "已立案，开始计时",
        "已派遣至供水中心",
        "已处置，等待核查",
        "已换新井盖",
        "核查未通过，退回返工：处置质量不合格",
        "已加胶垫",
        "现场核查通过",
        "谢谢你的反映",
        "已评价",
        "反映人表示未解决，重新办理",
    ]
    places = [page.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)
    for private in ("门口井盖破了", "张三", "19900000001", "请看一下", "型号 700", "还在响", "又响了", code):
        assert private not in page.replace(number, "")


def test_move_when_made_then_says_so_and_leads_back_to_the_same_place_in_the_list(world: World) -> None:
    desk = browser("desk")
    number, _code = report_by_page(browser(), community=str(world.communities[0].id))

    response = desk.post(
        f"/office/cases/{number}/send_to_verify/?list=scope%3Dmine%26state%3Dreceived", {}, follow=True
    )

    page = response.content.decode()
    assert response.redirect_chain == [(f"/office/cases/{number}/?list=scope%3Dmine%26state%3Dreceived", 302)]
    assert f"{number}：已安排现场核实" in page
    assert f'href="/office/?scope=mine&amp;state=received#case-{number}"' in page

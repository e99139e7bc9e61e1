"""One report from first word to reopening, in a real browser, by everybody whose work it is."""

import re

from playwright.sync_api import Page, expect

WORDS = "滨江苑门口的井盖缺了一块，晚上看不见，怕人掉下去。"
PHONE = "19900009876"


def sign_in(page: Page, username: str) -> None:
    """Enter the demo as one of its accounts."""
    if page.locator("form[action='/sign-out/'] button").count():
        page.locator("form[action='/sign-out/'] button").click()
    page.goto("/sign-in/")
    page.locator(f"button[name=username][value='{username}']").click()


def sign_in_to_unit(page: Page, name: str) -> None:
    """Enter the demo as the first handler of a unit, found by its name."""
    page.goto("/sign-in/")
    page.locator("input[name=unit]").fill(name)
    page.get_by_role("button", name="搜索").click()
    page.locator("button[name=username]").filter(has_text=name).last.click()


def open_case(page: Page, number: str) -> None:
    """Open the case by typing its number."""
    page.goto("/office/")
    page.locator("input[type=search]").first.fill(number)
    page.locator("input[type=search]").first.press("Enter")
    expect(page.get_by_text(number).first).to_be_visible()


def act(page: Page, move: str, **typed: str) -> None:
    """Open one of the next steps, fill it in and send it."""
    form = page.locator(f"details#{move}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for name, value in typed.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("form > button").last.click()


def report(page: Page) -> tuple[str, str]:
    """Report something by phone and return number and receipt code."""
    page.goto("/")
    page.get_by_role("link", name="我要反映").first.click()
    page.locator("[name=text]").fill(WORDS)
    page.locator("[name=community]").select_option(label="滨江苑社区")
    page.locator("[name=phone]").fill(PHONE)
    page.get_by_role("button", name="提交").click()
    codes = page.locator("dd.code").all_inner_texts()
    assert re.fullmatch(r"\d{8}-\d{6}", codes[0])
    return codes[0], codes[1]


def file_as_missing_cover(page: Page) -> None:
    """Find the condition for a missing manhole cover and file under it."""
    form = page.locator("details#file")
    form.locator("input[name=q]").fill("上水井盖 缺失")
    form.locator("button[name=search]").click()
    form = page.locator("details#file")
    form.locator("input[name=condition]").first.check()
    form.locator("form > button").last.click()


def open_with_code(page: Page, number: str, code: str) -> None:
    """Open the public page of a case as its reporter."""
    page.goto(f"/cases/{number}/")
    page.locator("input[name=code]").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="查看").click()


def test_report_when_everybody_does_their_part_then_is_closed_rated_and_reopened(
    phone: Page, desk: Page, other_phone: Page
) -> None:
    number, code = report(phone)

    sign_in(desk, "demo-desk")
    open_case(desk, number)
    expect(desk.get_by_text(WORDS).first).to_be_visible()
    assert PHONE not in desk.content()
    file_as_missing_cover(desk)

    sign_in(desk, "demo-dispatcher")
    open_case(desk, number)
    unit = desk.locator("input[name=unit]:checked + span strong").inner_text()
    act(desk, "dispatch")

    sign_in_to_unit(desk, unit)
    open_case(desk, number)
    act(desk, "hand_in", text="已补装井盖并加固，现场已清理。")

    sign_in(desk, "demo-checker")
    open_case(desk, number)
    act(desk, "fail_check", reason="partly_done", text="井圈还有一处松动。")
    sign_in_to_unit(desk, unit)
    open_case(desk, number)
    act(desk, "hand_in", text="井圈已重新浇筑。")
    sign_in(desk, "demo-checker")
    open_case(desk, number)
    act(desk, "pass_check")

    sign_in(desk, "demo-desk")
    open_case(desk, number)
    act(desk, "close")

    open_with_code(other_phone, number, code)
    expect(other_phone.get_by_text(WORDS)).to_be_visible()
    expect(other_phone.get_by_text("井圈已重新浇筑。").first).to_be_visible()
    other_phone.locator("input[name=rating][value='2']").check()
    other_phone.locator("#rate button").last.click()
    other_phone.locator("#reopen textarea").fill("雨后又松了。")
    other_phone.locator("#reopen button").last.click()
    expect(other_phone.get_by_text("待派遣").first).to_be_visible()


def test_public_page_when_somebody_else_looks_then_tells_the_steps_and_nothing_private(
    phone: Page, other_phone: Page
) -> None:
    number, _code = report(phone)
    stranger = other_phone

    stranger.goto(f"/cases/{number}/")

    expect(stranger.get_by_text("滨江苑社区").first).to_be_visible()
    expect(stranger.get_by_text("待受理").first).to_be_visible()
    assert WORDS not in stranger.content()
    assert PHONE not in stranger.content()
    assert stranger.locator("#rate").count() == 0


def test_report_when_sent_twice_then_is_one_case(phone: Page) -> None:
    phone.goto("/report/")
    phone.locator("[name=text]").fill(WORDS)
    fields = phone.locator("main form [name]").all()
    sent: dict[str, str | float | bool] = {field.get_attribute("name") or "": field.input_value() for field in fields}

    answers = [phone.request.post("/report/", form=sent, headers={"Referer": phone.url}).text() for _ in range(2)]

    numbers = [re.findall(r"\d{8}-\d{6}", answer)[0] for answer in answers]
    assert numbers[0] == numbers[1]


def test_report_when_empty_then_says_what_is_missing_and_keeps_the_rest(phone: Page) -> None:
    phone.goto("/report/")
    phone.locator("[name=address]").fill("滨江路 8 号门口")

    phone.get_by_role("button", name="提交").click()

    expect(phone.locator(".errors").first).to_be_visible()
    expect(phone.locator("[name=address]")).to_have_value("滨江路 8 号门口")


def test_office_when_not_signed_in_then_asks_to_sign_in_and_comes_back(desk: Page) -> None:
    desk.goto("/office/?scope=all")

    desk.locator("button[name=username][value='demo-desk']").click()

    expect(desk).to_have_url(re.compile(r"/office/\?scope=all$"))


def test_home_when_english_is_chosen_then_speaks_english(desk: Page) -> None:
    desk.goto("/")

    desk.get_by_role("button", name="English").click()

    expect(desk.get_by_role("link", name="Report something").first).to_be_visible()
    expect(desk.locator("html")).to_have_attribute("lang", "en")

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Topic
from liuchi.engines.cases.testing import SETUP, World, give_role
from liuchi.ground.access.actions import close_accounts
from liuchi.ground.exchange.exporting import export_rows
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.models import ExportRecord, Import, State
from liuchi.ground.exchange.testing import as_csv, as_xlsx
from liuchi.ground.kernel.testing import run_jobs, waiting_jobs
from liuchi.ground.people.models import Person

HEADINGS = ("编码", "一级分类", "二级分类", "三级分类")
ROWS = [["010101", "城乡建设", "安全生产", "事故处理"], ["010102", "城乡建设", "安全生产", "安全隐患"]]
PEOPLE = Listing("tests.people", "People", (ListColumn("name", "Name", str, is_personal=True),))


@pytest.fixture
def keeper(world: World) -> Client:
    """Return the browser of somebody who keeps standards."""
    give_role("keeper", "system_admin", world.district)
    return browser("keeper", "en")


def bring(client: Client, content: bytes, register: str = "topics", name: str = "分类.csv") -> Import:
    """Bring a file in through the page, and let the worker do its part."""
    file = SimpleUploadedFile(name, content)
    answer = client.post("/office/exchange/new/", {"register": register, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return Import.objects.latest("received_at")


def page(client: Client, one: Import) -> str:
    return client.get(f"/office/exchange/{one.id}/").content.decode()


def chosen(html: str) -> dict[str, str]:
    """Return what the mapping form shows as chosen."""
    return dict(re.findall(r'<select name="(from_\w+)".*?<option value="([^"]*)" selected>', html, re.DOTALL))


def test_import_when_brought_through_the_pages_then_every_step_is_shown_and_rows_stand(keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS))
    columns = page(keeper, one)
    keeper.post(f"/office/exchange/{one.id}/columns/", {**chosen(columns), "set_classification": "test"})
    run_jobs()
    checked = page(keeper, one)
    keeper.post(f"/office/exchange/{one.id}/start/")
    run_jobs()
    done = page(keeper, one)

    assert chosen(columns)["from_level3"] == "三级分类"
    assert "Bring in 2 rows" in checked
    assert "事故处理" in checked
    assert "<dt>new</dt><dd>2</dd>" in done
    assert Topic.objects.filter(classification="test", level=3).count() == 2


def test_import_when_at_work_then_the_page_says_how_far_and_comes_again_by_itself(keeper: Client) -> None:
    file = SimpleUploadedFile("a.csv", as_csv(ROWS, HEADINGS))
    keeper.post("/office/exchange/new/", {"register": "topics", "file": file})
    one = Import.objects.get()

    answer = keeper.get(f"/office/exchange/{one.id}/")

    assert answer["Refresh"] == "2"
    assert "The file is being read" in answer.content.decode()
    assert waiting_jobs() == [("exchange.advance", {"import_id": str(one.id)})]


def test_import_when_a_row_is_wrong_then_it_comes_back_in_a_file_that_can_be_sent_again(keeper: Client) -> None:
    wrong = [*ROWS, ["01", "城乡建设", "安全生产", "其他"]]
    one = bring(keeper, as_xlsx(wrong, HEADINGS), name="分类.xlsx")
    keeper.post(f"/office/exchange/{one.id}/columns/", chosen(page(keeper, one)))
    run_jobs()
    checked = page(keeper, one)
    keeper.post(f"/office/exchange/{one.id}/start/")
    run_jobs()

    answer = keeper.get(f"/office/exchange/{one.id}/refused/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    again = bring(keeper, as_csv([[*row[:2], "010103", *row[3:]]], [str(each) for each in head]))

    assert "1</td>" in checked
    assert "Expected six digits" in checked
    assert list(head) == ["错误原因", "原行号", *HEADINGS]
    assert row[1:] == [4.0, "01", "城乡建设", "安全生产", "其他"]
    assert "Expected six digits" in str(row[0])
    assert chosen(page(keeper, again))["from_code"] == "编码"
    assert ExportRecord.objects.get().listing == "import.topics"


def test_import_when_forgotten_then_neither_name_nor_headings_of_the_file_are_left(keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS), name="张三家的低保.csv")
    keeper.post(f"/office/exchange/{one.id}/columns/", chosen(page(keeper, one)))
    run_jobs()
    assert "张三" in page(keeper, one)

    keeper.post(f"/office/exchange/{one.id}/forget/")

    one.refresh_from_db()
    assert (one.filename, one.headings, one.mapping, one.findings) == ("", [], None, {})
    assert one.number in page(keeper, one)
    assert "张三" not in page(keeper, one)


def test_import_when_taken_back_then_rows_are_gone_and_the_page_says_so(keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS))
    keeper.post(f"/office/exchange/{one.id}/columns/", chosen(page(keeper, one)))
    run_jobs()
    keeper.post(f"/office/exchange/{one.id}/start/")
    run_jobs()

    keeper.post(f"/office/exchange/{one.id}/undo/")
    run_jobs()

    assert Topic.objects.count() == 0
    assert "Everything stands as before this import" in page(keeper, one)


def test_import_when_required_columns_are_missing_then_says_which_and_keeps_the_choice(keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, ("甲", "一级分类", "二级分类", "三级分类")))

    answer = keeper.post(f"/office/exchange/{one.id}/columns/", chosen(page(keeper, one)))

    assert answer.status_code == 422
    assert "Still needed: Code" in answer.content.decode()
    assert chosen(answer.content.decode())["from_level1"] == "一级分类"


def test_import_when_read_wrongly_then_another_encoding_can_be_chosen(keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS, "gb18030"))
    assert "GB 18030" in page(keeper, one)

    keeper.post(f"/office/exchange/{one.id}/reading/", {"encoding": "utf-8-sig", "delimiter": ",", "header_row": "1"})
    run_jobs()

    one.refresh_from_db()
    assert (one.state, one.found["encoding"]) == (State.READ, "utf-8-sig")
    assert "编码" not in one.headings


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "The file is empty"),
        (b"%PDF-1.7 x", "a.pdf", "This is no table"),
        (b"PK\x03\x04x", "a.xlsx", "cannot be read"),
    ],
)
def test_import_when_the_file_is_none_then_says_so_and_offers_another(
    keeper: Client, content: bytes, name: str, said: str
) -> None:
    one = bring(keeper, content, name=name)

    html = page(keeper, one)

    assert said in html
    assert "Bring in another file" in html


def test_form_when_nothing_is_chosen_then_says_what_is_missing(keeper: Client) -> None:
    answer = keeper.post("/office/exchange/new/", {})

    assert answer.status_code == 422
    assert "Choose a register." in answer.content.decode()
    assert "Choose a file." in answer.content.decode()


def test_registers_when_offered_then_only_those_whose_power_one_holds(world: World, keeper: Client) -> None:
    give_role("registrar", "registrar", world.district)

    keepers = keeper.get("/office/exchange/new/").content.decode()
    registrars = browser("registrar", "en").get("/office/exchange/new/").content.decode()

    assert 'value="topics"' in keepers
    assert 'value="residents"' not in keepers
    assert 'value="residents"' in registrars
    assert 'value="topics"' not in registrars


def test_register_when_the_power_is_missing_then_a_file_for_it_is_refused(keeper: Client) -> None:
    file = SimpleUploadedFile("a.csv", as_csv(ROWS, HEADINGS))

    answer = keeper.post("/office/exchange/new/", {"register": "residents", "file": file})

    assert answer.status_code == 422
    assert Import.objects.count() == 0


def test_import_when_somebody_else_asks_for_it_then_it_is_not_there(world: World, keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS))
    give_role("other", "system_admin", world.district)

    answers = [browser("other").get(f"/office/exchange/{one.id}/{part}") for part in ("", "columns/", "refused/")]

    assert page(keeper, one)
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_import_when_the_account_was_closed_meanwhile_then_nothing_comes_in(world: World, keeper: Client) -> None:
    one = bring(keeper, as_csv(ROWS, HEADINGS))
    keeper.post(f"/office/exchange/{one.id}/columns/", chosen(page(keeper, one)))
    run_jobs()
    keeper.post(f"/office/exchange/{one.id}/start/")
    close_accounts(by=SETUP, person_id=world.viewer("keeper").person_id)

    run_jobs()

    one.refresh_from_db()
    assert (one.state, one.done, Topic.objects.count()) == (State.STOPPED, 0, 0)


def test_residents_when_previewed_on_the_page_then_their_numbers_are_masked(world: World) -> None:
    give_role("registrar", "registrar", world.district)
    client = browser("registrar", "en")
    row = ["张小三", "990803195001010014", "19900001234", world.grids[0].code, "幸福路12号3单元"]
    one = bring(client, as_csv([row], ("姓名", "身份证号", "手机", "网格", "住址")), "residents")
    client.post(f"/office/exchange/{one.id}/columns/", chosen(page(client, one)))
    run_jobs()

    html = page(client, one)

    assert "990803********0014" in html
    assert not [value for value in (row[0], row[1], row[2], row[4]) if value in html]
    assert Person.objects.filter(name="张小三").count() == 0


@pytest.mark.parametrize("fmt", ["xlsx", "csv"])
def test_template_when_downloaded_then_it_comes_back_as_an_empty_file_of_the_right_columns(
    keeper: Client, fmt: str
) -> None:
    answer = keeper.get(f"/office/exchange/templates/topics/?format={fmt}")

    one = bring(keeper, answer.content, name=f"template.{fmt}")

    assert "attachment" in answer["Content-Disposition"]
    assert "has headings and no rows" in page(keeper, one)


def test_exports_when_an_auditor_asks_then_a_number_leads_to_who_took_the_list(world: World) -> None:
    give_role("registrar", "registrar", world.district)
    give_role("auditor", "audit_admin", world.district)
    by = world.viewer("registrar")
    made = [
        export_rows(by=by, listing=PEOPLE, rows=["a"], fmt="csv", purpose="hand_up", place_id=world.district.id)
        for _ in range(2)
    ]
    for each in made:
        each.content.close()

    html = (
        browser("auditor", "en").get("/office/exchange/exports/", {"number": made[0].number.lower()}).content.decode()
    )

    assert made[0].number in html
    assert made[1].number not in html
    assert "registrar" in html
    assert "Hand up what a document requires" in html


def test_exports_when_rows_grow_then_asks_the_database_no_more_often(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give_role("auditor", "audit_admin", world.district)
    give_role("registrar", "registrar", world.district)
    client, by = browser("auditor", "en"), world.viewer("registrar")
    client.get("/office/exchange/exports/")
    counts = []
    for _ in range(2):
        for _each in range(2):
            export_rows(by=by, listing=PEOPLE, rows=[], fmt="csv", purpose="hand_up").content.close()
        with django_assert_num_queries(6) as asked:
            client.get("/office/exchange/exports/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_imports_when_rows_grow_then_asks_the_database_no_more_often(
    keeper: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bring(keeper, as_csv(ROWS, HEADINGS))
    keeper.get("/office/exchange/")
    for _ in range(2):
        with django_assert_num_queries(5):
            keeper.get("/office/exchange/")
        bring(keeper, as_csv(ROWS, HEADINGS))


def test_imports_when_narrowed_then_only_those_are_shown_and_handed_out(keeper: Client) -> None:
    good, empty = bring(keeper, as_csv(ROWS, HEADINGS)), bring(keeper, b"")

    waiting = keeper.get("/office/exchange/", {"register": "topics", "state": "read"}).content.decode()
    nothing = keeper.get("/office/exchange/", {"register": "topics", "state": "undone"}).content.decode()
    answer = keeper.get("/office/exchange/", {"state": "stopped", "format": "csv"})
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert good.number in waiting
    assert empty.number not in waiting
    assert "Nothing fits this choice" in nothing
    assert empty.number in table
    assert good.number not in table


def test_exports_when_narrowed_then_only_those_are_shown_and_the_list_is_itself_taken_out(world: World) -> None:
    give_role("registrar", "registrar", world.district)
    give_role("auditor", "audit_admin", world.district)
    client, by = browser("auditor", "en"), world.viewer("registrar")
    made = export_rows(by=by, listing=PEOPLE, rows=["a", "b"], fmt="csv", purpose="hand_up")
    made.content.close()

    fits = [{"account": "registrar"}, {"listing": "tests.people"}, {"since": "2000-01-01"}, {"until": "2199-01-01"}]
    fails = [{"account": "nobody"}, {"listing": "cases.work_list"}, {"since": "2199-01-01"}, {"until": "2000-01-01"}]
    shown = [made.number in client.get("/office/exchange/exports/", each).content.decode() for each in [*fits, *fails]]
    answer = client.get("/office/exchange/exports/", {"listing": "tests.people", "format": "csv"})
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert shown == [True] * 4 + [False] * 4
    assert f"{made.number}," in table
    assert ",tests.people,2," in table
    assert "Hand up what a document requires" in table
    assert ExportRecord.objects.filter(listing="exchange.exports", rows=1).count() == 1


def test_exports_when_lists_are_named_then_every_page_that_exports_can_be_asked_for(world: World) -> None:
    give_role("auditor", "audit_admin", world.district)
    browser("auditor", "en").get("/office/")

    html = browser("auditor", "en").get("/office/exchange/exports/").content.decode()

    codes = set(re.findall(r'<option value="([a-z_.]+)"', html))
    assert codes >= {"cases.work_list", "people.people", "territory.areas", "exchange.exports", "import.residents"}

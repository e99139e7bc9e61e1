"""The staff roll from a file: twice with one result, more said later, taken back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.preview import preview_rows
from liuchi.ground.exchange.testing import as_csv, checked, counts, problems, run
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.testing import NOW, SETUP, body, small_district
from liuchi.ground.people.actions.staff import change_employment
from liuchi.ground.people.models import Employment, Income, Person, PostHolding, Secondment
from liuchi.ground.people.testing import number
from liuchi.ground.territory import queries

HEADINGS = (
    "姓名",
    "身份证号",
    "手机",
    "单位",
    "用工性质",
    "到岗日期",
    "合同到期",
    "职务",
    "年收入",
    "抽调单位",
    "抽调日期",
    "抽调文件",
)


@pytest.fixture(autouse=True)
def small(db: None) -> Iterator[None]:
    with frozen_at(NOW):
        small_district()
        yield
    queries.forget()


def rows() -> list[list[str]]:
    community, branch = body("community-1"), body("branch-1")
    lent = ["41000", branch.name, "2025-05-06", "组〔2025〕2号"]
    return [
        ["张一", number(serial=1), "19900000001", branch.code, "两委", "2025-03-01", "", "书记", "", "", "", ""],
        ["张二", number(serial=2), "", community.name, "公益岗", "2025-03-01", "2027-02-28", "", *lent],
        ["张三", "", "19900000003", community.code, "招考", "2025-04-01", "", "", "38000.5", "", "", ""],
    ]


def bring(content: list[list[str]]) -> Import:
    return run(as_csv(content, HEADINGS), "名册.csv", "staff", by=SETUP)


def stand() -> list[tuple[object, ...]]:
    """Return the roll as it stands."""
    return [
        *Person.objects.order_by("id").values_list("id", "name"),
        *Employment.objects.order_by("id").values_list("id", "organisation__code", "employer", "contract_until"),
        *PostHolding.objects.order_by("id").values_list("id", "post__title", "person__name", "valid_from"),
        *Income.objects.order_by("id").values_list("id", "yearly", "as_of"),
        *Secondment.objects.order_by("id").values_list("id", "to_organisation__code", "since", "document"),
    ]


def test_roll_when_brought_in_then_people_stand_on_it_with_terms_post_income_and_where_they_are_lent() -> None:
    one = bring(rows())

    assert (one.state, counts(one), problems(SETUP, one)) == (State.DONE, (3, 0, 0, 0), {})
    terms = Employment.objects.order_by("person__name").values_list("person__name", "employer", "valid_from")
    assert list(terms) == [
        ("张一", "committee", date(2025, 3, 1)),
        ("张三", "recruited", date(2025, 4, 1)),
        ("张二", "welfare_post", date(2025, 3, 1)),
    ]
    assert PostHolding.objects.get(person__name="张一").post.title == "书记"
    assert Income.objects.get(employment__person__name="张三").yearly == Decimal("38000.5")
    lent = Secondment.objects.get()
    assert (lent.to_organisation, lent.since, lent.document) == (body("branch-1"), date(2025, 5, 6), "组〔2025〕2号")


def test_roll_when_the_same_file_comes_again_then_nothing_changes() -> None:
    bring(rows())
    before = stand()

    again = bring(rows())

    assert counts(again) == (0, 0, 3, 0)
    assert stand() == before


def test_roll_when_a_file_says_more_then_terms_and_post_change_and_go_back_again() -> None:
    bring([["张一", number(serial=1), "", "branch-1", "招考", "2025-03-01", *[""] * 6]])
    before = stand()

    one = bring(rows())

    assert counts(one) == (2, 1, 0, 0)
    assert Employment.objects.get(person__name="张一").employer == "committee"
    assert PostHolding.objects.count() == 1
    undo_import(by=SETUP, import_id=one.id)
    assert stand() == before


def test_roll_when_rows_cannot_be_then_each_says_why_and_the_others_come_in() -> None:
    wrong = [
        ["李一", "", "", "community-1", "招考", "2025-03-01", *[""] * 6],
        ["李二", "", "19900000012", "没有的单位", "招考", "2025-03-01", *[""] * 6],
        ["李三", "", "19900000013", "community-1", "招考", "2099-03-01", *[""] * 6],
        ["李四", "", "19900000014", "community-1", "招考", "2025-03-01", "", "没有的岗位", *[""] * 4],
        ["李五", "", "19900000015", "branch-1", "两委", "2025-03-01", "", "书记", *[""] * 4],
    ]

    one = bring([*rows(), *wrong])

    assert counts(one) == (3, 0, 0, 5)
    assert problems(SETUP, one) == {
        5: [("identity", "nameless")],
        6: [("organisation", "staff_refused")],
        7: [("since", "ahead")],
        8: [("post", "staff_refused")],
        9: [("post", "staff_refused")],
    }
    assert not Person.objects.filter(name__startswith="李").exists()


def test_roll_when_previewed_then_numbers_and_incomes_are_masked_and_nothing_stays() -> None:
    one = checked(as_csv(rows(), HEADINGS), "名册.csv", "staff", by=SETUP)

    shown = preview_rows(SETUP, one)

    assert shown[1].values["income"] == "*"
    assert "19900000001" not in str(shown)
    assert number(serial=1) not in str(shown)
    assert Person.objects.count() == 0


def test_roll_when_taken_back_then_nothing_of_it_is_left_unless_somebody_changed_it_since() -> None:
    one = bring(rows())
    undo_import(by=SETUP, import_id=one.id)
    assert stand() == []

    other = bring(rows())
    held = Employment.objects.get(person__name="张三")
    change_employment(by=SETUP, employment_id=held.id, employer="other", contract_until=None)
    with pytest.raises(CannotTakeBack) as refused:
        undo_import(by=SETUP, import_id=other.id)
    assert [row for row, _problem in refused.value.conflicts] == [4]
    assert Employment.objects.count() == 3

"""The staff roll from a file: who works where on what terms, in which post, lent to whom, and what it pays."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import CellRefused, Choice, Column, Day, Number, ReadBy, Text
from liuchi.ground.exchange.registers import (
    Entry,
    Outcome,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Touched,
    Values,
    unchanged,
)
from liuchi.ground.exchange.restoring import as_it_stood
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import bodies_by_name
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people import values as facts
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.secondments import second_person
from liuchi.ground.people.actions.staff import HIGHEST_INCOME, change_employment, employ_person, record_income
from liuchi.ground.people.entries import NewPerson, draft_of, known_among
from liuchi.ground.people.identity import IdentityError, parse_identity
from liuchi.ground.people.models import EmployerType, Employment, Income, Person, PostHolding, Secondment
from liuchi.ground.people.models.staff import LONGEST_DOCUMENT
from liuchi.ground.people.staffing import MANAGE, Meant, StaffRefused, is_of, require_power, today
from liuchi.ground.records.protected import mask_identity, mask_phone

_EMPLOYMENT: Final = "people.Employment"
_TERMS: Final = ("employer", "contract_until", "document")
_EMPLOYERS: Final = {
    "两委": "committee",
    "两委成员": "committee",
    "招考": "recruited",
    "社工": "recruited",
    "公益岗": "welfare_post",
    "公益性岗位": "welfare_post",
    "下派": "sent_down",
    "购买服务": "purchased",
    "其他": "other",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the roll; what is empty says nothing."""

    person: NewPerson
    organisation: str
    employer: str
    since: date
    contract_until: date | None
    document: str
    post: str
    yearly: Decimal | None
    income_as_of: date | None
    lent_to: str
    lent_since: date | None
    lent_by: str


def _identity(text: str) -> str:
    try:
        return parse_identity(text).written
    except IdentityError as error:
        raise CellRefused("identity", str(error)) from error


def _phone(text: str) -> str:
    try:
        return facts.clean_phone(text)
    except facts.FactRefused as error:
        raise CellRefused(error.code, str(error)) from error


def _read(values: Values) -> _Row:
    identity, phone = values.get("identity") or "", values.get("phone") or ""
    if not identity and not phone:
        said = _("Give an identity number or a phone: a name alone fits many people.")
        raise RowRefused(Problem("nameless", said, "identity"))
    for key in ("since", "lent_since", "income_as_of"):
        if (day := values.get(key)) is not None and day > today():
            raise RowRefused(Problem("ahead", _("This day lies ahead. Enter the change once it is in force."), key))
    return _Row(
        NewPerson(values["name"], phone, identity),
        values["organisation"],
        values["employer"],
        values["since"],
        values.get("contract_until"),
        values.get("document") or "",
        values.get("post") or "",
        values.get("income"),
        values.get("income_as_of"),
        values.get("lent_to") or "",
        values.get("lent_since"),
        values.get("lent_by") or "",
    )


def _about(row: _Row) -> Hashable:
    return row.organisation, row.person.identity or (row.person.name, row.person.phone)


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    del source
    bodies = bodies_by_name()
    return [_taken(by, entry.row, bodies) for entry in entries]


def _taken(by: Actor, row: _Row, bodies: Mapping[str, Organisation]) -> Result:
    """Take a row in: on the roll, its terms, post, income and where they are lent; each only where it says more."""
    body, lent_to = _body(bodies, row.organisation, "organisation"), _body(bodies, row.lent_to, "lent_to")
    assert body is not None  # noqa: S101 - the column is required; tells the type
    require_power(by, body.area_id)
    post = _post(body, row.post)
    draft = draft_of(row.person, today())
    known = known_among([draft], lock=True).match(draft)
    held = None if known.person is None else _held(known.person, body)
    touched: list[Touched] = []
    if held is None:
        employment = _employ(by, row, body, post)
        touched += _new([*([] if known.person else [employment.person]), employment])
        if post is not None:
            touched += _new(PostHolding.objects.filter(person=employment.person, post=post, valid_to=None))
    else:
        employment = held
        touched += _changed_terms(by, row, held)
        touched += _taken_post(by, row, held.person, post)
    touched += _paid(by, row, employment)
    touched += _lent(by, row, employment, lent_to)
    if not touched:
        return unchanged()
    return Result(Outcome.CREATED if held is None else Outcome.CHANGED, tuple(touched))


def _body(bodies: Mapping[str, Organisation], name: str, field: str) -> Organisation | None:
    if not name:
        return None
    if name not in bodies:
        raise StaffRefused(
            _("There is no organisation of this code, or several of this name; look for it under Organisations."),
            field=field,
        )
    return bodies[name]


def _post(body: Organisation, title: str) -> Post | None:
    if not title:
        return None
    found = list(Post.objects.filter(organisation=body, title=title, valid_to=None).order_by("id")[:2])
    if len(found) != 1:
        raise StaffRefused(
            _("This organisation has no post of this title, or several; open the post first."), field="post"
        )
    return found[0]


def _held(person: Person, body: Organisation) -> Employment | None:
    rows = Employment.objects.filter(is_of(person), organisation=body, valid_to=None)
    return rows.select_related("person").order_by("id").first()


def _employ(by: Actor, row: _Row, body: Organisation, post: Post | None) -> Employment:
    return employ_person(
        by=by,
        organisation_id=body.id,
        person=Meant(entry=row.person),
        employer=row.employer,
        on=row.since,
        contract_until=row.contract_until,
        by_document=row.document,
        post_id=post.id if post else None,
    )


def _changed_terms(by: Actor, row: _Row, held: Employment) -> list[Touched]:
    contract, named = row.contract_until or held.contract_until, row.document or held.document
    if (row.employer, contract, named) == (held.employer, held.contract_until, held.document):
        return []
    before = as_it_stood(held, *_TERMS)
    change_employment(by=by, employment_id=held.id, employer=row.employer, contract_until=contract, by_document=named)
    return [Touched(_EMPLOYMENT, str(held.id), before)]


def _taken_post(by: Actor, row: _Row, person: Person, post: Post | None) -> list[Touched]:
    if post is None or PostHolding.objects.filter(is_of(person), post=post, valid_to=None).exists():
        return []
    meant = Meant(person_id=person.id)
    return _new([take_post(by=by, post_id=post.id, person=meant, on=row.since, by_document=row.document)])


def _paid(by: Actor, row: _Row, employment: Employment) -> list[Touched]:
    if row.yearly is None:
        return []
    incomes = Income.objects.filter(employment=employment).order_by("-as_of")
    if row.income_as_of is not None:
        incomes = incomes.filter(as_of=row.income_as_of)
    last = incomes.first()
    if last is not None and last.yearly == row.yearly:
        return []
    as_of = row.income_as_of or today()
    before = as_it_stood(last, "yearly") if last is not None and last.as_of == as_of else None
    income = record_income(by=by, employment_id=employment.id, yearly=row.yearly, as_of=as_of)
    return [Touched("people.Income", str(income.id), before)]


def _lent(by: Actor, row: _Row, employment: Employment, to: Organisation | None) -> list[Touched]:
    if to is None:
        return []
    since = row.lent_since or row.since
    if Secondment.objects.filter(employment=employment, to_organisation=to, since=since).exists():
        return []
    lent = second_person(
        by=by, employment_id=employment.id, to_organisation_id=to.id, since=since, by_document=row.lent_by
    )
    return _new([lent])


def _new(rows: Iterable[Person | Employment | PostHolding | Secondment]) -> list[Touched]:
    return [Touched(row._meta.label, str(row.pk)) for row in rows]  # noqa: SLF001 - Django's own public name


STAFF: Final = Register(
    code="staff",
    title=gettext_lazy("Staff roll"),
    columns=(
        Column(
            "name",
            gettext_lazy("Name of the person"),
            Text(facts.LONGEST_NAME, least=1),
            ("姓名", "人员姓名"),
            is_required=True,
            is_personal=True,
            example="张三",
        ),
        Column(
            "identity",
            gettext_lazy("Identity number"),
            ReadBy(_identity, gettext_lazy("18 characters; as text, so that the spreadsheet keeps all of them")),
            ("身份证号", "身份证号码", "公民身份号码"),
            is_personal=True,
            example="990803195001011234",
            mask=mask_identity,
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            ReadBy(_phone, gettext_lazy("digits, with or without +86")),
            ("手机", "手机号", "手机号码", "联系电话"),
            is_personal=True,
            example="19900001234",
            mask=mask_phone,
        ),
        Column(
            "organisation",
            gettext_lazy("Where they work"),
            Text(80, least=1),
            ("单位", "所属单位", "工作单位", "社区", "单位编码"),
            is_required=True,
            help=gettext_lazy("Its code, or its name where no other has that name."),
        ),
        Column(
            "employer",
            gettext_lazy("On what terms"),
            Choice(dict(EmployerType.choices), _EMPLOYERS),
            ("用工性质", "人员类别", "身份类别", "聘用方式"),
            is_required=True,
        ),
        Column(
            "since", gettext_lazy("Since"), Day(), ("入职日期", "到岗日期", "任职日期", "聘用日期"), is_required=True
        ),
        Column("contract_until", gettext_lazy("Contract until"), Day(), ("合同到期", "合同截止日期")),
        Column("document", gettext_lazy("By which document"), Text(LONGEST_DOCUMENT), ("文号", "依据文件")),
        Column("post", gettext_lazy("Post"), Text(30), ("岗位", "职务")),
        Column(
            "income",
            gettext_lazy("Income of a year (yuan)"),
            Number(Decimal(0), HIGHEST_INCOME, 2),
            ("年收入", "年薪", "年收入（元）"),
            is_personal=True,
            mask=lambda text: "*" * bool(text),
        ),
        Column("income_as_of", gettext_lazy("Income as known on"), Day(), ("收入核定日期",)),
        Column("lent_to", gettext_lazy("Lent to"), Text(80), ("抽调单位", "借调单位")),
        Column("lent_since", gettext_lazy("Lent since"), Day(), ("抽调日期", "借调日期")),
        Column("lent_by", gettext_lazy("Lent by which document"), Text(LONGEST_DOCUMENT), ("抽调文件", "借调依据")),
    ),
    power=MANAGE,
    apply=_apply,
    read_row=_read,
    key=_about,
    help=gettext_lazy("Who is on the roll takes over the terms the file says; nobody is taken off it by a file."),
)

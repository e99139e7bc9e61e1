"""Protected values planted through real actions and pages, then looked for everywhere: no page, file, log, error or
journal line shows one to anybody without the power; and whoever has it leaves a line by looking."""

import io
import itertools
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from liuchi.doors.cli import logs
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.testing import MORNING, SETUP, World, dispatched, give_role, small_world
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import ROLES
from liuchi.ground.access.queries_reads import ReadFilters, read_log
from liuchi.ground.exchange.actions import receive_file
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.journal.kinds import read_kinds
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.actions.care import begin_care, set_care_categories
from liuchi.ground.people.models import CareCategory, Person, Residence
from liuchi.ground.records.actions.requests import file_request, prove_request
from liuchi.ground.records.actions.retention import make_trial
from liuchi.ground.territory.queries import forget

pytestmark = pytest.mark.slow

#: Nobody may read these anywhere but after a look that was asked for: on the page that answers it, once.
PHONE, IDENTITY, HOME = "19912345678", "990803195001010011", "金丝雀巷六号"
REPORTER, REPORTERS_PHONE, DIAGNOSIS, ASKED = "金丝雀报告人", "19987654321", "金丝雀病", "金丝雀请求"
HARD = (PHONE, IDENTITY, HOME, REPORTER, REPORTERS_PHONE, DIAGNOSIS)
#: These stand in clear in the database, for those whose work it is; nobody else is shown them.
WORDS, SPOT, PERSON = "雀鸟说路灯坏了", "雀鸟街灯杆旁", "雀鸣远"
MAY_READ_REPORTS = frozenset({"cases.see", "cases.accept", "cases.dispatch", "cases.handle", "cases.check"})
MAY_REVEAL_REPORTS = frozenset({"cases.accept", "cases.dispatch", "cases.handle", "cases.check", "cases.see"})
MAY_READ_NAMES = frozenset(
    {"people.see", "people.manage", "staff.see", "access.accounts", "access.grants", "access.audit"}
)
STRANGE = {"number": "20240912-999999", "slug": "x", "int": "7", "str": "x", "form": "json"}


@pytest.fixture
def world(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        made = small_world()
        for role in ROLES:
            give_role(f"canary-{role}", role, made.district)
        yield made
    forget()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give everything the house logs in the test, as its processes log it."""
    root, before = logging.getLogger(), structlog.get_config()
    names = ("django", "django.server", "django.request", "py.warnings", "procrastinate", "psycopg.pool")
    kept = {name: (logging.getLogger(name).handlers, logging.getLogger(name).level) for name in names}
    handlers, level, stream = root.handlers, root.level, io.StringIO()
    logs.configure(stream, "debug")
    logging.captureWarnings(capture=False)
    yield stream
    root.handlers, root.level = handlers, level
    for name, (old, depth) in kept.items():
        logging.getLogger(name).handlers = old
        logging.getLogger(name).setLevel(depth)
    structlog.configure(**before)


def browser(username: str = "") -> Client:
    client = Client(headers={"accept-language": "zh-Hans"}, raise_request_exception=False)
    if username:
        client.force_login(Account.objects.get(username=username))
    return client


def plant(world: World) -> dict[str, UUID]:
    """Bring in a person with an account, care, a report, and a request about their data; return everybody's ids."""
    new = NewPerson(PERSON, PHONE, IDENTITY, home=world.communities[0], address=HOME)
    (person,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
    set_care_categories(by=SETUP)
    category = CareCategory.objects.filter(has_diagnosis=True).order_by("code")[0]
    care = begin_care(
        by=SETUP,
        person_id=person.id,
        category=category.code,
        basis="文件〔2024〕1号",
        valid_from=date(2024, 9, 1),
        valid_to=date(2024, 10, 1),
        diagnosis=DIAGNOSIS,
    )
    case = dispatched(world, text=WORDS, name=REPORTER, phone=REPORTERS_PHONE, address=SPOT)
    asked = file_request(by=SETUP, person_id=person.id, kind="copy", way="counter", words=ASKED, claimant=REPORTER)
    prove_request(by=SETUP, request_id=asked.id, proof="mandate")
    trial = make_trial(by=SETUP)
    found = {
        "person": person.id,
        "care": care,
        "case": case.id,
        "report": Report.objects.get(case=case).id,
        "residence": Residence.objects.get(person=person).id,
        "request": asked.id,
        "run": trial.id,
        "account": Account.objects.get(username="canary-registrar").id,
    }
    assert {PERSON} <= set(Person.objects.values_list("name", flat=True))
    return found


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each, before + str(each.pattern))
        else:
            yield before + str(each.pattern), each


def paths(ids: dict[str, UUID], number: str) -> list[str]:
    """Return every address of the house, each that takes an id with the one of its kind."""
    found = []
    for route, pattern in _patterns(get_resolver()):
        choices = []
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.lower()
            parts = [part.split(">")[0] for part in route.split("<")[1:]]
            spelled = next(part for part in parts if part.split(":")[-1] == name)
            if "uuid" in kind:
                values = [str(ids.get(name.removesuffix("_id"), ids["person"]))]
            elif "number" in kind:
                values = [number]
            else:
                values = [next(value for key, value in STRANGE.items() if key in kind)]
            choices.append([(f"<{spelled}>", value) for value in values])
        for chosen in itertools.product(*choices):
            path = "/" + route
            for spelled, value in chosen:
                path = path.replace(spelled, value)
            found.append(path)
    return [path for path in found if path != "/sign-out/"]


def body(answer: Any) -> str:
    content = b"".join(answer) if getattr(answer, "streaming", False) else answer.content
    answer.close()
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return headers + content.decode("utf-8", errors="replace")


def seen(text: str, values: tuple[str, ...]) -> list[str]:
    """Return which values can be read in a text, in clear, as hexadecimal, or as JSON escapes them."""
    lowered = text.lower()
    return [
        value
        for value in values
        if value in text
        or value.encode().hex() in lowered
        or value.encode("unicode_escape").decode().lower() in lowered
    ]


def everything() -> str:
    """Return every value of every table as text, and what is packed inside: sessions opened, archives unpacked.

    That is what a dump of the database shows, with the inboxes, the jobs and their arguments, the rows of imports.
    """
    parts = [str(session.get_decoded()) for session in Session.objects.order_by("pk")]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts.extend(row[0] for row in cursor.fetchall())
    return "\n".join(parts)


def files() -> str:
    """Return what lies in the folders of the instance: names and bytes, archives unpacked."""
    parts: list[str] = []
    for path in Path(settings.LIUCHI_DATA).rglob("*"):
        parts.append(str(path))
        if path.is_file():
            parts.append(unpacked(path.read_bytes()))
    return "\n".join(parts)


def unpacked(data: bytes) -> str:
    """Return bytes as text; of an archive (XLSX) what its parts say."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    return "\n".join(data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030", "utf-16-le"))


def export(client: Client, path: str, fmt: str = "csv") -> str:
    """Return a list as a file, after saying what it is needed for where the page asks; empty where it is not given."""
    answer = client.get(path, {"format": fmt})
    asked = re.search(r'name="asked" value="([^"]+)"', answer.content.decode()) if not answer.streaming else None
    if asked:
        answer = client.get(path, {"format": fmt, "asked": asked[1], "purpose": "supervise"})
    is_file = "attachment" in answer.headers.get("Content-Disposition", "")
    content = b"".join(answer) if getattr(answer, "streaming", False) else answer.content
    answer.close()
    return unpacked(content) if is_file else ""


def test_pages_when_every_role_walks_all_of_them_then_show_protected_values_to_nobody(
    world: World, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = plant(world)
    number = Case.objects.get(id=ids["case"]).number
    plain = paths(ids, number)
    lists = [f"{path}?format=csv" for path in plain if not any(str(each) in path for each in ids.values())]
    addresses, leaks, walked, faults = [*plain, *lists], [], 0, []
    usernames = ["", "resident", "other-resident", "water", *(f"canary-{role}" for role in ROLES)]

    for username in usernames:
        client, hidden = browser(username), _hidden_from(_powers(username))
        for address in addresses:
            answer = client.get(address)
            walked += 1
            faults += [(username, address, answer.status_code)] if answer.status_code >= 500 else []
            leaks += [(username, address, value) for value in seen(body(answer), hidden)]

    assert walked > 500
    assert faults == []
    assert leaks == []
    assert seen(everything(), HARD) == []
    assert seen(files(), HARD) == []
    assert seen(log.getvalue() + "".join(capsys.readouterr()), (*HARD, ASKED, WORDS, SPOT, PERSON)) == []


def test_exports_when_every_role_takes_all_of_them_then_the_files_hold_no_protected_value(
    world: World, log: io.StringIO
) -> None:
    ids = plant(world)
    lists = [path for path in paths(ids, "x") if not any(str(each) in path for each in ids.values())]
    taken, leaks = [], []

    for role in ROLES:
        client, hidden = browser(f"canary-{role}"), _hidden_from(_powers(f"canary-{role}"))
        for address in lists:
            text = export(client, address)
            if text:
                taken.append((role, address))
                leaks += [(role, address, value) for value in seen(text + export(client, address, "xlsx"), hidden)]

    assert ("registrar", "/office/people/") in taken
    assert ("audit_admin", "/office/access/reads/") in taken
    assert PERSON in export(browser("canary-registrar"), "/office/people/", "xlsx")
    assert leaks == []
    assert seen(files() + log.getvalue(), HARD) == []


def test_file_brought_in_when_it_holds_protected_values_then_no_table_file_or_log_shows_them(
    world: World, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = f"姓名,身份证号,手机号码,所属社区,现住址\n{PERSON},{IDENTITY},{PHONE},{world.communities[0].code},{HOME}\n"
    rows += f"错行,{IDENTITY[:-1]},{REPORTERS_PHONE},无此社区,{HOME}\n"
    one = receive_file(
        by=world.viewer("canary-registrar"),
        register="residents",
        filename="名册.csv",
        pieces=[rows.encode("gb18030")],
        options={},
        is_waited_for=True,
    )

    one = advance(one.id)

    assert one.state == "read", one.trouble
    assert one.total == 2
    assert seen(everything() + files(), HARD) == []
    assert seen(log.getvalue() + "".join(capsys.readouterr()), (*HARD, PERSON)) == []


def test_reveals_when_sent_by_every_role_then_only_those_with_the_power_are_answered_and_each_leaves_a_line(
    world: World,
) -> None:
    ids = plant(world)
    number = Case.objects.get(id=ids["case"]).number
    asks = {
        f"/office/cases/{number}/reveal/": ({"of": str(ids["report"]), "purpose": "clarify"}, MAY_REVEAL_REPORTS),
        f"/office/people/{ids['person']}/reveal/contact/": (
            {"of": str(ids["person"]), "purpose": "visiting"},
            frozenset({"people.reveal"}),
        ),
        f"/office/people/{ids['person']}/reveal/identity/": (
            {"of": str(ids["person"]), "purpose": "visiting"},
            frozenset({"people.reveal"}),
        ),
        f"/office/privacy/requests/{ids['request']}/package/": ({}, frozenset({"records.requests"})),
    }
    leaks, answered = [], set()

    for role, (path, (values, powers)) in itertools.product(ROLES, asks.items()):
        before = read_lines()
        shown = seen(body(browser(f"canary-{role}").post(path, values)), HARD)
        if shown:
            answered.add(path)
            leaks += [] if ROLES[role][1] & powers else [(role, path, shown)]
        assert (read_lines() > before) is bool(shown), (role, path)

    assert leaks == []
    assert answered == set(asks)


def read_lines() -> int:
    return Line.objects.filter(kind__in=sorted(read_kinds())).count()


def test_values_when_planted_then_could_be_shown_and_whoever_looks_leaves_a_line(world: World) -> None:
    ids = plant(world)
    number = Case.objects.get(id=ids["case"]).number
    office = browser("canary-privacy_officer")
    desk = browser("canary-desk")

    package = body(office.post(f"/office/privacy/requests/{ids['request']}/package/"))
    revealed = body(desk.post(f"/office/cases/{number}/reveal/", {"of": str(ids["report"]), "purpose": "clarify"}))
    looked_up = office.post("/office/privacy/requests/new/", {"who": PHONE, "kind": "view", "way": "letter"})
    exported = export(browser("canary-registrar"), "/office/people/")
    refused = body(office.post(f"/office/cases/{number}/reveal/", {"of": str(ids["report"]), "purpose": "clarify"}))

    assert seen(package, (PHONE, IDENTITY, HOME, DIAGNOSIS, PERSON)) == [PHONE, IDENTITY, HOME, DIAGNOSIS, PERSON]
    assert seen(revealed, (REPORTER, REPORTERS_PHONE)) == [REPORTER, REPORTERS_PHONE]
    assert seen(refused, HARD) == []
    assert (looked_up.status_code, PERSON in exported) == (302, True)
    auditor = world.viewer("canary-audit_admin")
    log = [(row.kind, row.purpose, row.person_id) for row in read_log(auditor, ReadFilters()).rows]
    assert {kind for kind, _, _ in log} == {
        "records.data_gathered",
        "access.revealed",
        "access.looked_up",
        "exchange.exported",
    }
    assert ("access.revealed", "clarify", None) in log
    assert ("exchange.exported", "supervise", None) in log
    assert ("records.data_gathered", "requested", ids["person"]) in log
    assert ("access.looked_up", "requested", ids["person"]) in log
    assert seen(str(log), HARD) == []


def test_errors_when_something_goes_wrong_then_tell_no_protected_value(
    world: World, log: io.StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = plant(world)
    number = Case.objects.get(id=ids["case"]).number

    def burst(*_args: object, **_values: object) -> None:
        raise RuntimeError(f"{PHONE} {IDENTITY} {HOME}")

    monkeypatch.setattr("liuchi.doors.resident.views.report.report_case", burst)
    visitor = browser()
    answers = [
        visitor.post(
            "/report/", {"token": str(UUID(int=5)), "text": WORDS, "name": REPORTER, "phone": REPORTERS_PHONE}
        ),
        visitor.get(f"/cases/{number}/?q={PHONE}"),
        visitor.get(f"/{PHONE}/"),
        visitor.post("/sign-in/", {"username": PHONE, "password": IDENTITY}),
        browser("canary-desk").get(f"/office/?q={PHONE}"),
        browser("canary-desk").post(f"/office/cases/{number}/file/", {"version": "x", "condition": PHONE}),
        browser("canary-privacy_officer").post(f"/office/privacy/requests/{ids['run']}/package/"),
    ]

    assert answers[0].status_code == 500
    assert seen(body(answers[0]), HARD) == []
    told = log.getvalue() + "".join(capsys.readouterr())
    assert "RuntimeError" in told
    assert seen(told, (*HARD, WORDS)) == []
    seal_once()
    assert seen(everything(), HARD) == []


def test_canary_when_it_stands_in_a_text_then_is_seen_in_every_guise() -> None:
    assert seen(f"x{PHONE}", HARD) == [PHONE]
    assert seen(HOME.encode().hex().upper(), HARD) == [HOME]
    assert seen('"\\u91d1\\u4e1d\\u96c0\\u75c5"', HARD) == [DIAGNOSIS]
    assert seen("199****5678 990803********0011", HARD) == []


def test_journal_when_dumped_then_holds_ids_codes_and_hashes_only(world: World) -> None:
    ids = plant(world)
    browser("canary-desk").post(
        f"/office/cases/{Case.objects.get(id=ids['case']).number}/reveal/",
        {"of": str(ids["report"]), "purpose": "clarify"},
    )
    with frozen_at(MORNING + timedelta(minutes=5)):
        seal_once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM journal_line l")
        dump = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT j::text FROM procrastinate_jobs j")
        jobs = "\n".join(row[0] for row in cursor.fetchall())

    assert str(ids["person"]) in dump
    assert seen(dump + jobs, (*HARD, ASKED, WORDS, SPOT, PERSON)) == []
    assert not [letter for letter in dump if "\u4e00" <= letter <= "\u9fff"]


def _powers(username: str) -> frozenset[str]:
    if not username:
        return frozenset()
    grants: Any = Account.objects.get(username=username).grants.select_related("role")
    return frozenset().union(*(grant.role.powers for grant in grants))


def _hidden_from(powers: frozenset[str]) -> tuple[str, ...]:
    """Return the canaries that somebody with these powers must meet nowhere unasked."""
    hidden = list(HARD)
    if not powers & MAY_READ_REPORTS:
        hidden += [WORDS, SPOT]
    if not powers & MAY_READ_NAMES:
        hidden.append(PERSON)
    if "records.requests" not in powers:
        hidden.append(ASKED)
    else:
        hidden.remove(REPORTER)  # who asks for somebody else is named to who works on the request
    return tuple(hidden)

"""The lists that name what follows from what: reactions to journal kinds, and jobs."""

from liuchi.engines.cases import events as cases_events
from liuchi.engines.cases import notices as cases_notices
from liuchi.engines.cases import reactions as cases
from liuchi.engines.cases import standing as cases_standing
from liuchi.engines.cases import support_notices as cases_support
from liuchi.engines.cases import tasks as cases_tasks
from liuchi.engines.cases.kinds import MOVED
from liuchi.engines.cases.registers import CONDITIONS, REQUESTS, TOPICS
from liuchi.engines.cases.replay.register import CASES
from liuchi.engines.cases.supervision import tasks as supervision_tasks
from liuchi.engines.forwarding import reactions as forwarding
from liuchi.engines.forwarding import tasks as forwarding_tasks
from liuchi.ground.access import reactions as access
from liuchi.ground.access import standing as access_standing
from liuchi.ground.access import tasks as access_tasks
from liuchi.ground.access.kinds import GLASS_BROKEN
from liuchi.ground.attachments import tasks as attachments_tasks
from liuchi.ground.calendars.actions import PUBLISHED
from liuchi.ground.exchange import tasks as exchange_tasks
from liuchi.ground.exchange.holidays import HOLIDAYS
from liuchi.ground.exchange.kinds import IMPORT_ENDED
from liuchi.ground.exchange.registers import Register
from liuchi.ground.hooks import reactions as hooks
from liuchi.ground.hooks import tasks as hooks_tasks
from liuchi.ground.hooks.actions.sending import PROBE
from liuchi.ground.hooks.events import Events
from liuchi.ground.hooks.reactions import SEND as SEND_HOOKS
from liuchi.ground.journal.reactions import Reaction
from liuchi.ground.kernel.jobs import Job
from liuchi.ground.notices import reactions as notices
from liuchi.ground.notices import tasks as notices_tasks
from liuchi.ground.notices.outgoing import SEND
from liuchi.ground.organisations import reactions as organisations
from liuchi.ground.organisations import standing as organisations_standing
from liuchi.ground.organisations.duty_register import DUTIES
from liuchi.ground.organisations.kinds import AREAS_FOLLOWED, ENDED, POST_CLOSED, SUCCEEDED
from liuchi.ground.organisations.registers import ASSETS
from liuchi.ground.people import reactions as people
from liuchi.ground.people import standing as people_standing
from liuchi.ground.people.kinds import CONSENT_WITHDRAWN, DEATH_REGISTERED, PERSON_ERASED, POST_HANDED_OVER
from liuchi.ground.people.registers import RESIDENTS
from liuchi.ground.people.staff_register import STAFF
from liuchi.ground.records import tasks as records_tasks
from liuchi.ground.records.kinds import BREACH_NOTED
from liuchi.ground.territory import dwelling_standing
from liuchi.ground.territory import reactions as territory
from liuchi.ground.territory import tasks as territory_tasks
from liuchi.ground.territory.dwelling_register import DWELLINGS
from liuchi.ground.territory.following import BRING_INTO_FORCE, SHAPING
from liuchi.ground.territory.registers import BOUNDARIES, DIVISIONS
from liuchi.insight.figures import reactions as figures
from liuchi.insight.figures.registers import FIGURES

#: What other systems may be told of.
EVENTS: tuple[Events, ...] = (cases_events.EVENTS,)

REACTIONS = (
    Reaction("cases.calendar", frozenset({PUBLISHED.name}), cases.follow_calendar),
    Reaction("cases.erasure", frozenset({PERSON_ERASED.name}), cases.follow_erasure),
    Reaction("cases.search", cases.TELLING, cases.index_line),
    Reaction("cases.notices", cases_notices.TOLD, cases_notices.tell_of_move),
    Reaction("cases.appeals", cases_notices.TOLD_OF_APPEALS, cases_notices.tell_of_appeal),
    Reaction("cases.call_backs", frozenset({MOVED["close"].name}), cases.draw_closing),
    Reaction("cases.support", cases_support.TOLD, cases_support.tell_of_parts),
    Reaction("notices.broken_glass", frozenset({GLASS_BROKEN.name}), notices.follow_broken_glass),
    Reaction("notices.breaches", frozenset({BREACH_NOTED.name}), notices.follow_breach),
    Reaction("notices.imports", frozenset({IMPORT_ENDED.name}), notices.follow_import),
    Reaction("notices.erasure", frozenset({PERSON_ERASED.name}), notices.follow_erasure),
    Reaction("access.erasure", frozenset({PERSON_ERASED.name}), access.follow_erasure),
    Reaction("cases.territory", SHAPING, cases.follow_territory),
    Reaction("access.territory", SHAPING, access.follow_territory),
    Reaction("access.posts", frozenset({POST_HANDED_OVER.name}), access.follow_post),
    Reaction("people.deaths", frozenset({DEATH_REGISTERED.name}), people.follow_death),
    Reaction("access.deaths", frozenset({DEATH_REGISTERED.name}), access.follow_death),
    Reaction("notices.deaths", frozenset({DEATH_REGISTERED.name}), notices.follow_death),
    Reaction("notices.consents", frozenset({CONSENT_WITHDRAWN.name}), notices.follow_withdrawal),
    Reaction("people.territory", SHAPING, people.follow_territory),
    Reaction("organisations.assets", SHAPING, organisations.follow_territory),
    Reaction("organisations.asset_owners", frozenset({SUCCEEDED.name}), organisations.follow_succession),
    Reaction("organisations.areas", SHAPING, organisations.follow_areas),
    Reaction("people.posts_of_areas", frozenset({AREAS_FOLLOWED.name}), people.follow_posts),
    Reaction(
        "access.ended_posts",
        frozenset({SUCCEEDED.name, ENDED.name, POST_CLOSED.name, AREAS_FOLLOWED.name}),
        access.follow_ended_posts,
    ),
    Reaction("territory.buildings", SHAPING, territory.follow_territory),
    Reaction("people.organisations", frozenset({SUCCEEDED.name, ENDED.name}), people.follow_organisations),
    Reaction("people.closed_posts", frozenset({POST_CLOSED.name}), people.follow_closed_post),
    Reaction("forwarding.dispatches", forwarding.DISPATCHED, forwarding.forward_line),
    Reaction("hooks.events", frozenset(kind for each in EVENTS for kind in each.kinds), hooks.queue_line),
    Reaction("figures.cases", figures.COUNTED, figures.count_line),
)

#: What files may be brought into, in the order in which pages and commands list it.
REGISTERS: tuple[Register, ...] = (
    RESIDENTS,
    STAFF,
    DIVISIONS,
    BOUNDARIES,
    DWELLINGS,
    ASSETS,
    DUTIES,
    HOLIDAYS,
    CONDITIONS,
    TOPICS,
    REQUESTS,
    CASES,
    FIGURES,
)

#: What stands in areas and follows them when they change, in the order in which a preview lists it.
STANDING = (
    *cases_standing.STANDING,
    *dwelling_standing.STANDING,
    *people_standing.STANDING,
    *organisations_standing.STANDING,
    *access_standing.STANDING,
)

#: What the worker does later or again and again; times are China's.
JOBS = (
    Job("access.clear_sessions", access_tasks.clear_sessions, cron="17 * * * *"),
    Job("access.forget_answers", access_tasks.forget_answers, cron="20 3 * * *"),
    Job("attachments.clean", attachments_tasks.clean_attachments, cron="*/15 * * * *"),
    Job("attachments.clean_store", attachments_tasks.clean_store, cron="40 3 * * *"),
    Job("exchange.advance", exchange_tasks.advance_import, is_long=True),
    Job("records.seal_anew", records_tasks.seal_anew, cron="*/10 * * * *", is_long=True),
    Job("records.try_retention", records_tasks.try_retention, cron="30 2 * * 1"),
    Job("records.put_away", records_tasks.put_away_rows, is_long=True),
    Job(BRING_INTO_FORCE, territory_tasks.bring_into_force, cron="1 * * * *"),
    Job("cases.wake", cases_tasks.wake, cron="* * * * *"),
    Job("cases.lapse_call_backs", cases_tasks.lapse_calls, cron="20 4 * * *"),
    Job("cases.warn", cases_tasks.warn, cron="*/10 * * * *"),
    Job("cases.supervise", supervision_tasks.supervise, cron="*/10 * * * *", is_long=True),
    Job(SEND, notices_tasks.send, cron="* * * * *", is_outgoing=True),
    Job(SEND_HOOKS, hooks_tasks.send, cron="* * * * *", is_outgoing=True),
    Job(PROBE, hooks_tasks.probe, cron="* * * * *", is_outgoing=True),
    Job(forwarding.SEND, forwarding_tasks.send_cases, cron="* * * * *", is_outgoing=True),
    Job("forwarding.poll", forwarding_tasks.poll, cron="* * * * *", is_outgoing=True),
    Job("hooks.forget", hooks_tasks.forget, cron="50 3 * * *"),
    Job("notices.remind", notices_tasks.remind, cron="40 8 * * *"),
    Job("notices.remind_breach", notices_tasks.remind_of_breach, cron="*/10 * * * *"),
    Job("notices.digest", notices_tasks.digest, cron="*/10 * * * *"),
)

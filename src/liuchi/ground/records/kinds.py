"""The journal kinds of this room."""

from datetime import date, datetime
from uuid import UUID

from liuchi.ground.journal.kinds import declare

KEY_ADDED = declare("records.key_added", use=str, key=str, begins_at=datetime)
ROWS_SEALED_ANEW = declare("records.rows_sealed_anew", type=str, rows=int, broken=int)
ROTATION_FINISHED = declare("records.rotation_finished", rotation=UUID, use=str, key=str, rows=int, broken=int)
KEY_RETIRED = declare("records.key_retired", use=str, key=str)
PERIOD_SET = declare("records.period_set", type=str, days=int)
HOLD_PLACED = declare("records.hold_placed", type=str | None, row=UUID | None, person=UUID | None)
HOLD_LIFTED = declare("records.hold_lifted", hold=UUID)
TRIAL_MADE = declare("records.retention_trial", due=int, held=int)
RUN_STARTED = declare("records.retention_started", run=UUID, trial=UUID)
ROWS_PUT_AWAY = declare("records.rows_put_away", run=UUID, type=str, rows=int, blocked=int)
RUN_FINISHED = declare("records.retention_finished", run=UUID, rows=int, held=int, blocked=int)
REQUEST_FILED = declare("records.request_filed", request=UUID, person=UUID, kind=str, way=str, due_at=datetime)
REQUEST_PROVEN = declare("records.request_proven", request=UUID, person=UUID, proof=str)
REQUEST_ANSWERED = declare("records.request_answered", request=UUID, person=UUID, in_time=bool)
REQUEST_REFUSED = declare("records.request_refused", request=UUID, person=UUID, ground=str, in_time=bool)
REQUEST_WITHDRAWN = declare("records.request_withdrawn", request=UUID, person=UUID)
DATA_GATHERED = declare("records.data_gathered", is_read=True, request=UUID, person=UUID, field=str, purpose=str)
SHARING_ADDED = declare("records.sharing_added", sharing=UUID, kind=str, types=list[str], since=date, until=date | None)
SHARING_ENDED = declare("records.sharing_ended", sharing=UUID, ended_on=date)
BREACH_NOTED = declare(
    "records.breach_noted", breach=UUID, kind=str, types=list[str], found_at=datetime, due_at=datetime
)
BREACH_WEIGHED = declare("records.breach_weighed", breach=UUID, records=int, people=int)
BREACH_TOLD = declare("records.breach_told", breach=UUID, whom=str, told_at=datetime)
BREACH_CLOSED = declare("records.breach_closed", breach=UUID, in_time=bool, people_told=bool)
ASSESSMENT_ADDED = declare(
    "records.assessment_added", assessment=UUID, trigger=str, types=list[str], outcome=str, made_on=date
)
ASSESSMENT_ENDED = declare("records.assessment_ended", assessment=UUID, ended_on=date)
HANDLING_RESTRICTED = declare("records.handling_restricted", request=UUID, person=UUID)
RESTRICTION_LIFTED = declare("records.restriction_lifted", request=UUID, person=UUID)

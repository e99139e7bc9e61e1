"""The journal kinds of this room: no line says what somebody read, or when."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

INBOX_TIDIED = declare("notices.inbox_tidied")
PREFERENCES_SET = declare("notices.preferences_set", by_email=bool, by_sms=bool, is_address_new=bool)
EMAIL_CONFIRMED = declare("notices.email_confirmed")
DIGESTS_PREPARED = declare("notices.digests_prepared", deliveries=int, notices=int)
DELIVERIES_TAKEN = declare("notices.deliveries_taken", taken=int, postponed=int, given_up=int)
DELIVERIES_SETTLED = declare("notices.deliveries_settled", sent=int, failed=int, given_up=int, put_back=int)
DELIVERY_RETRIED = declare("notices.delivery_retried")
DELIVERY_DROPPED = declare("notices.delivery_dropped")
ROBOT_ADDED = declare("notices.robot_added", robot_kind=str, organisation=UUID, topics=list[str])
ROBOT_REMOVED = declare("notices.robot_removed")
ROBOT_TESTED = declare("notices.robot_tested")
#: Nothing is sent to somebody outside the house any more: they took their consent back, or died.
TELLING_STOPPED = declare("notices.telling_stopped", person=UUID, deliveries=int)
PERSON_FORGOTTEN = declare("notices.person_forgotten", person=UUID, notices=int, deliveries=int)
REQUESTS_REMINDED = declare("notices.requests_reminded", requests=int, people=int)
BREACHES_REMINDED = declare("notices.breaches_reminded", breaches=int, people=int)

"""The journal kinds of supervision: ids, codes and numbers only; the words stay in their own rows."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

#: What lines of supervision are about.
SUBJECT = "cases.supervision"
SUPERVISED = declare(
    "case.supervised",
    case=UUID,
    level=str,
    origin=str,
    unit=UUID | None,
    step=str,
    clock=UUID | None,
    follows=UUID | None,
)
SAID = {
    "answer": declare("case.supervision_answered", case=UUID),
    "accept": declare("case.supervision_accepted", case=UUID),
    "send_back": declare("case.supervision_sent_back", case=UUID),
    "withdraw": declare("case.supervision_withdrawn", case=UUID),
}
SETTLED = declare("case.supervisions_settled", supervisions=int)
TOLD = declare("case.supervisions_told", supervisions=int, people=int)

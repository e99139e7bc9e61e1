"""Everything kept about a person, who else gets it, who read it and what for: to show, and as a file to hand over."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.access.queries import accounts_of
from liuchi.ground.access.queries_own import OwnRead, reads_of
from liuchi.ground.exchange.purposes import purpose_words
from liuchi.ground.kernel import clock
from liuchi.ground.records.declared import same_person
from liuchi.ground.records.gathering import Holding, gather
from liuchi.ground.records.models import DataRequest

#: An answer holds no more letters.
LONGEST = 2000


@dataclass(frozen=True)
class Read:
    """One read of the person's protected data: an office and a purpose, never the name of an official."""

    read: OwnRead
    purpose: str


def reads_about(person_id: UUID) -> list[Read]:
    """Return who read a person's protected data and what for, newest first, without their own looks."""
    own = [account.id for account in accounts_of(person_id)]
    found = reads_of(same_person(person_id), but_by=own)
    return [Read(each, str(READ_PURPOSES.get(each.purpose) or purpose_words(each.purpose))) for each in found]


def no_machine_decides() -> str:
    """Return what is to be said of automated decisions (PIPL art. 24): there are none."""
    return _("No decision about a person is made by a machine alone; suggestions are checked.")


def explanation(person_id: UUID) -> str:
    """Return what touched a person, in words: which records, why, how long, who gets and who read them (art. 48)."""
    lines = [
        _("%(title)s (%(count)d): %(purpose)s; %(basis)s; %(retention)s")
        % {
            "title": each.title,
            "count": each.total,
            "purpose": each.purpose,
            "basis": each.basis,
            "retention": each.retention,
        }
        + (_("; given to %(names)s") % {"names": _(", ").join(each.recipients)} if each.recipients else "")
        for each in gather(person_id, masked=True)
    ]
    reads = Counter((each.read.unit or _("an office of the district"), each.purpose) for each in reads_about(person_id))
    lines += [
        _("Read by %(unit)s for “%(purpose)s”: %(count)d times") % {"unit": unit, "purpose": purpose, "count": count}
        for (unit, purpose), count in sorted(reads.items())
    ]
    lines = [*(lines or [_("Nothing is kept.")]), no_machine_decides()]
    return "\n".join(lines) if len("\n".join(lines)) <= LONGEST else _shortened(lines)


def package_file(found: DataRequest, holdings: Sequence[Holding]) -> HttpResponse:
    """Return a package as a JSON file."""
    content = {
        "number": found.number,
        "made_at": clock.now().isoformat(),
        "automated_decisions": no_machine_decides(),
        "records": [asdict(holding) for holding in holdings],
        "reads": [
            {"at": each.read.at.isoformat(), "by": each.read.unit, "field": each.read.field, "purpose": each.purpose}
            for each in reads_about(found.person_id)
        ],
    }
    answer = HttpResponse(json.dumps(content, ensure_ascii=False, indent=1), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="personal-data-{found.number}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shortened(lines: Sequence[str]) -> str:
    """Return as many lines as an answer takes, the last one among them, and that the package holds the rest."""
    rest, kept = _("The rest stands in the package."), list(lines[:-1])
    while kept and len("\n".join([*kept, rest, lines[-1]])) > LONGEST:
        kept.pop()
    return "\n".join([*kept, rest, lines[-1]])

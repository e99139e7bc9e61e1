"""Everything kept about a person, as a file to hand over."""

import json
from dataclasses import asdict

from django.http import HttpResponse
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.records.gathering import Holding
from liuchi.ground.records.models import DataRequest


def package_file(found: DataRequest, holdings: list[Holding]) -> HttpResponse:
    """Return a package as a JSON file."""
    content = {
        "number": found.number,
        "made_at": clock.now().isoformat(),
        "automated_decisions": _("No decision about a person is made by a machine alone; suggestions are checked."),
        "records": [asdict(holding) for holding in holdings],
    }
    answer = HttpResponse(json.dumps(content, ensure_ascii=False, indent=1), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="personal-data-{found.number}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

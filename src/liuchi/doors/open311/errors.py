"""How this door refuses: the specification's list of errors, in the form that was asked for, never with status 200."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from liuchi.doors.open311.writing import Items, written
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken


class Refused(Exception):
    """A request that cannot be answered: 404 for what is none, 403 for keys, 400 for everything else."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


def refusal(request: HttpRequest, status: int, description: str) -> HttpResponse:
    """Return a list of one error in the form that the address asks for; XML where it asks for none."""
    form = "json" if request.path.endswith(".json") else "xml"
    return written("errors", Items("error", [{"code": str(status), "description": description}]), form, status)


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn what a view refuses into errors of the specification; forms of other sites are what this door is for."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **arguments: str) -> HttpResponse:
        try:
            return view(request, **arguments)
        except Refused as refused:
            return refusal(request, refused.status, refused.description)
        except NotFound as broken:
            return refusal(request, 404, str(broken))
        except NotAllowed as broken:
            return refusal(request, 403, str(broken))
        except RuleBroken as broken:
            return refusal(request, 400, str(broken))

    return answered

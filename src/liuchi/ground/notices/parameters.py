"""What may stand in a message: kinds of parameters, how each is kept, and how many are shown at once."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuchi.ground.kernel import clock
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.queries import territory

Kept = str | int
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,80}", re.ASCII)


class ParameterRefused(ValueError):
    """A message was given something it does not declare, or words where only an id, code or number may stand."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A kind of parameter. `keep` checks a value and returns what is stored; `show` gives the words of many at once."""

    name: str
    keep: Callable[[object], Kept]
    show: Callable[[Collection[Any]], Mapping[Any, str]]
    sample: Kept


def kept_code(value: object) -> str:
    """Return a code as it is stored.

    Raises:
        ParameterRefused: when it is none.
    """
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise ParameterRefused("is no code")


def _kept_number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ParameterRefused("is no whole number")


def _kept_moment(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    raise ParameterRefused("is no moment with a time zone")


def _kept_day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise ParameterRefused("is no day")


def kept_id(value: object) -> str:
    """Return an id as it is stored.

    Raises:
        ParameterRefused: when it is none.
    """
    if isinstance(value, UUID):
        return str(value)
    raise ParameterRefused("is no id")


def _plain(values: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(value) for value in values}


def _moments(values: Collection[str]) -> Mapping[str, str]:
    this_year = timezone.localtime(clock.now()).year
    return {value: _moment(timezone.localtime(datetime.fromisoformat(value)), this_year) for value in values}


def _moment(local: datetime, this_year: int) -> str:
    same = pgettext("date format", "j M, H:i") if local.year == this_year else pgettext("date format", "j M Y, H:i")
    return formats.date_format(local, same)


def _days(values: Collection[str]) -> Mapping[str, str]:
    return {value: formats.date_format(date.fromisoformat(value), "DATE_FORMAT") for value in values}


def _areas(values: Collection[str]) -> Mapping[str, str]:
    known = territory().areas
    return {value: known[UUID(value)].name if UUID(value) in known else _("a place") for value in values}


def _organisations(values: Collection[str]) -> Mapping[str, str]:
    found = {str(key): name for key, name in Organisation.objects.filter(id__in=values).values_list("id", "short_name")}
    return {value: found.get(value, _("an organisation")) for value in values}


_ANY_ID = "00000000-0000-0000-0000-000000000000"
CODE = Shown("code", kept_code, _plain, "20240912-000123")
NUMBER = Shown("number", _kept_number, _plain, 3)
MOMENT = Shown("moment", _kept_moment, _moments, "2024-09-12T17:00:00+08:00")
DAY = Shown("day", _kept_day, _days, "2024-09-12")
AREA = Shown("area", kept_id, _areas, _ANY_ID)
ORGANISATION = Shown("organisation", kept_id, _organisations, _ANY_ID)

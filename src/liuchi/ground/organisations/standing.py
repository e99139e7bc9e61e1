"""What of this room stands in areas and follows them (see `territory.standing`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from liuchi.ground.organisations.actions.settling import (
    settle_organisation,
    settle_post,
    settle_served,
    settle_venue,
)
from liuchi.ground.organisations.models import Asset, AssetState, Organisation, Post, ServedArea, Venue
from liuchi.ground.territory.standing import MOST, Asked, Otherwise, Place, Standing, places_of

_POINT = ("longitude", "latitude")


def _bodies(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Organisation.objects.filter(area_id__in=areas, valid_to=None), point=_POINT)


def _posts(areas: Sequence[UUID]) -> Iterable[Place]:
    """Give posts; one for the area of its body goes where the body goes."""
    rows = Post.objects.filter(area_id__in=areas, valid_to=None).select_related("organisation").order_by("id")
    for post in rows:
        body = post.organisation
        is_the_bodys = body.area_id == post.area_id
        yield post.area_id, body.longitude if is_the_bodys else None, body.latitude if is_the_bodys else None


def _venues(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Venue.objects.filter(area_id__in=areas, valid_to=None), point=_POINT)


def _served(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(ServedArea.objects.filter(area_id__in=areas, valid_to=None))


def _assets(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Asset.objects.filter(area_id__in=areas).exclude(state=AssetState.REMOVED), point=_POINT)


def _asked_bodies(day: date) -> Iterable[Asked]:
    rows = Organisation.objects.filter(valid_to=None, area__valid_to__lte=day).order_by("area__valid_to", "id")
    return [Asked(each.id, each.area_id, each.name) for each in rows[:MOST]]


def _asked_posts(day: date) -> Iterable[Asked]:
    rows = Post.objects.filter(valid_to=None, area__valid_to__lte=day).select_related("organisation")
    return [
        Asked(each.id, each.area_id, f"{each.title} · {each.organisation.short_name}")
        for each in rows.order_by("area__valid_to", "id")[:MOST]
        # One for the area of its body goes along as soon as that is settled.
        if each.organisation.area_id != each.area_id
    ]


def _asked_venues(day: date) -> Iterable[Asked]:
    rows = Venue.objects.filter(valid_to=None, area__valid_to__lte=day).order_by("area__valid_to", "id")
    return [Asked(each.id, each.area_id, each.name) for each in rows[:MOST]]


def _asked_served(day: date) -> Iterable[Asked]:
    rows = ServedArea.objects.filter(valid_to=None, area__valid_to__lte=day).select_related("organisation")
    rows = rows.order_by("area__valid_to", "id")
    return [Asked(each.id, each.area_id, each.organisation.name) for each in rows[:MOST]]


STANDING: Final = (
    Standing(
        "organisations.organisations",
        _("Organisations"),
        _bodies,
        Otherwise.ASKED,
        _asked_bodies,
        settle_organisation,
        stays_when_redrawn=True,
    ),
    Standing(
        "organisations.posts", _("Posts"), _posts, Otherwise.ASKED, _asked_posts, settle_post, stays_when_redrawn=True
    ),
    Standing("organisations.venues", _("Venues"), _venues, Otherwise.ASKED, _asked_venues, settle_venue),
    Standing("organisations.served", _("Areas of service"), _served, Otherwise.EACH, _asked_served, settle_served),
    Standing("organisations.assets", _("Public assets"), _assets, Otherwise.ABOVE),
)

"""Venues and facilities that organisations keep for the public (活动室、会议室、食堂、卫生站、共享单车点…)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models.organisation import Organisation
from liuchi.ground.territory.models import Area


class VenueKind(models.TextChoices):
    """What a venue is for."""

    ACTIVITY_ROOM = "activity_room", _("activity room")
    MEETING_ROOM = "meeting_room", _("meeting room")
    READING_ROOM = "reading_room", _("reading room")
    CANTEEN = "canteen", _("canteen")
    CLINIC = "clinic", _("health station")
    SERVICE_HALL = "service_hall", _("service hall")
    RIDERS_STATION = "riders_station", _("riders' station")
    SQUARE = "square", _("square")
    BIKE_POINT = "bike_point", _("shared-bicycle point")
    OTHER = "other", _("other venue")


class Facility(models.TextChoices):
    """What makes a venue usable for everybody (Barrier-free Environment Law 2023)."""

    RAMP = "ramp", _("ramp or level entrance")
    LIFT = "lift", _("lift")
    TOILET = "toilet", _("accessible toilet")
    LOW_COUNTER = "low_counter", _("low counter")
    HEARING_LOOP = "hearing_loop", _("hearing aid loop")
    SIGN_LANGUAGE = "sign_language", _("sign language")
    BLIND_PATH = "blind_path", _("tactile path")


class Venue(models.Model):
    """A place that an organisation keeps: where it is, how many fit in, and whether it can be booked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="venues")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="venues")
    kind = models.CharField(max_length=16, choices=VenueKind.choices)
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    facilities = ArrayField(models.CharField(max_length=16, choices=Facility.choices), default=list, blank=True)
    is_bookable = models.BooleanField(default=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(valid_to=None), name="venue_named_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=VenueKind.values), name="venue_kind_known"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="venue_has_a_whole_position",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="venue_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(is_bookable=False) | Q(capacity__isnull=False, capacity__gte=1),
                name="venue_bookable_has_a_capacity",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpenDay(models.TextChoices):
    """On which days hours hold: a make-up Saturday is a working day, a weekday in a holiday is a holiday."""

    WORK_DAY = "work_day", _("working days")
    REST_DAY = "rest_day", _("weekends")
    HOLIDAY = "holiday", _("public holidays")


class OpeningHours(models.Model):
    """From when until when a venue is open on one sort of day; a sort of day without hours is closed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="hours")
    day = models.CharField(max_length=10, choices=OpenDay.choices)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["venue_id", "-day", "opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["venue", "day", "opens_at"], name="opening_hours_once"),
            models.CheckConstraint(condition=Q(day__in=OpenDay.values), name="opening_day_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="opening_hours_end_after_they_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.opens_at}-{self.closes_at}"

"""The lists of people as they may leave the house: for a purpose, numbered, with phones and numbers masked."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liuchi.doors.office.people.fields import place_words
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.people.identity import Sex
from liuchi.ground.people.staff import name_of

PEOPLE = Listing(
    "people.people",
    _("People"),
    (
        ListColumn("name", _("Full name"), lambda card: card.name, is_personal=True),
        ListColumn("sex", _("Sex"), lambda card: Sex(card.sex).label if card.sex else "", is_personal=True),
        ListColumn("age", _("Age"), lambda card: card.age, is_personal=True),
        ListColumn("home", _("Lives in"), lambda card: place_words(card.home_id), is_personal=True),
        ListColumn("phone", _("Phone"), lambda card: card.masked_phone, is_personal=True),
        ListColumn("identity", _("Identity number"), lambda card: card.masked_identity, is_personal=True),
    ),
)
CARE = Listing(
    "people.care",
    _("Care register"),
    (
        ListColumn("name", _("Full name"), lambda entry: entry.person.name, is_personal=True),
        ListColumn("home", _("Lives in"), lambda entry: place_words(entry.person.home_id), is_personal=True),
        ListColumn("category", _("Category"), lambda entry: entry.status.category.name, is_personal=True),
        ListColumn("basis", _("Document"), lambda entry: entry.status.basis, is_personal=True),
        ListColumn("from", _("From"), lambda entry: entry.status.valid_from),
        ListColumn("until", _("Until"), lambda entry: entry.status.valid_to),
        ListColumn("visits", _("Visits"), lambda entry: entry.status.get_visit_tier_display()),
        ListColumn("responsible", _("Who answers for it"), lambda entry: entry.responsible, is_personal=True),
    ),
)
HOUSEHOLDS = Listing(
    "people.households",
    _("Households without a head"),
    (
        ListColumn("number", _("Household number"), lambda stay: stay.household.number),
        ListColumn("home", _("Lives in"), lambda stay: place_words(stay.area_id)),
        ListColumn("people", _("People"), lambda stay: stay.people),
        ListColumn("since", _("Since"), lambda stay: stay.household.valid_from),
    ),
)
CONSENTS = Listing(
    "people.consents",
    _("Consents"),
    (
        ListColumn("name", _("Full name"), lambda each: name_of(each.person), is_personal=True),
        ListColumn("way", _("How they said it"), lambda each: each.get_way_display()),
        ListColumn("given", _("Agreed"), lambda each: timezone.localdate(each.given_at)),
        ListColumn(
            "withdrawn",
            _("Taken back"),
            lambda each: timezone.localdate(each.withdrawn_at) if each.withdrawn_at else None,
        ),
    ),
)

CARE_CATEGORIES = Listing(
    "people.care_categories",
    _("Care categories"),
    (
        ListColumn("name", _("Name"), lambda row: row.name),
        ListColumn("purpose", _("What for"), lambda row: row.purpose),
        ListColumn("basis", _("Rule it rests on"), lambda row: row.legal_basis),
        ListColumn("days", _("Lasts at most"), lambda row: row.longest_days),
        ListColumn("visits", _("Visits"), lambda row: row.get_visit_tier_display()),
    ),
)
CONSENT_TEXTS = Listing(
    "people.consent_texts",
    _("Consent texts"),
    (
        ListColumn("title", _("Title"), lambda row: row.text.title),
        ListColumn("version", _("Version"), lambda row: row.text.version),
        ListColumn("language", _("Language"), lambda row: row.text.language),
        ListColumn("from", _("In force from"), lambda row: row.text.valid_from or row.text.published_at.date()),
        ListColumn("given", _("Agreed"), lambda row: row.given),
        ListColumn("withdrawn", _("Taken back"), lambda row: row.withdrawn),
    ),
)

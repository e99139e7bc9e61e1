"""The journal kinds of this room."""

from datetime import date
from uuid import UUID

from liuchi.ground.journal.kinds import declare

PEOPLE_IMPORTED = declare("people.imported", people=int, holdings=int, residences=int, changed=int)
PERSON_ERASED = declare("people.person_erased", person=UUID, absorbed=list[UUID], phones=list[bytes])
PERSON_ADDED = declare("people.person_added", person=UUID)
PERSON_CHANGED = declare("people.person_changed", person=UUID, facts=list[str])
PERSON_MOVED = declare("people.person_moved", person=UUID, from_area=UUID | None, to_area=UUID | None, on=date)
DEATH_REGISTERED = declare("people.death_registered", person=UUID)
DEATH_TAKEN_BACK = declare("people.death_taken_back", person=UUID)
IMPORT_TAKEN_BACK = declare("people.import_taken_back", removed=int, restored=int, kept=int)
CARE_CATEGORIES_SET = declare("people.care_categories_set", categories=list[str])
CARE_CATEGORY_RETIRED = declare("people.care_category_retired", category=str, on=date)
#: Which category stands in the register only.
CARE_BEGUN = declare("people.care_begun", care=UUID)
CARE_ENDED = declare("people.care_ended", care=UUID)
CONSENT_TEXT_PUBLISHED = declare("people.consent_text_published", purpose=str, version=int, language=str, text=bytes)
CONSENT_GIVEN = declare("people.consent_given", person=UUID, purpose=str, version=int)
#: `care` counts the entries of the care register that ended with it.
CONSENT_WITHDRAWN = declare("people.consent_withdrawn", person=UUID, purpose=str, care=int)
PEOPLE_MERGED = declare("people.merged", kept=UUID, absorbed=UUID, merge=UUID)
PEOPLE_SEPARATED = declare("people.separated", kept=UUID, absorbed=UUID, merge=UUID)

HOUSEHOLDS_IMPORTED = declare("people.households_imported", households=int, members=int)
HOUSEHOLD_OPENED = declare("people.household_opened", on=date, members=int, left=list[UUID])
HOUSEHOLD_JOINED = declare("people.household_joined", on=date, person=UUID, left=list[UUID])
HOUSEHOLD_LEFT = declare("people.household_left", on=date, person=UUID)
HOUSEHOLD_HEAD_NAMED = declare("people.household_head_named", on=date, person=UUID)
HOUSEHOLD_MOVED = declare("people.household_moved", on=date, members=int, from_area=UUID)

#: Somebody took a post (`from_person` None), left it (`to_person` None), or handed it to a successor.
POST_HANDED_OVER = declare(
    "people.post_handed_over",
    post=UUID,
    organisation=UUID,
    from_person=UUID | None,
    to_person=UUID | None,
    on=date,
)
#: Whoever held the first of `posts` holds the first of `successors` from that day, and so on.
POSTS_CARRIED_OVER = declare(
    "people.posts_carried_over", posts=list[UUID], successors=list[UUID], holdings=int, on=date
)
EMPLOYED = declare(
    "people.employed", person=UUID, organisation=UUID, employer=str, is_new=bool, on=date, post=UUID | None
)
EMPLOYMENT_CHANGED = declare("people.employment_changed", person=UUID, fields=list[str])
EMPLOYMENT_ENDED = declare("people.employment_ended", person=UUID, organisation=UUID, on=date)
#: The amount itself stands in its room only.
INCOME_RECORDED = declare("people.income_recorded", person=UUID, as_of=date)
SECONDED = declare("people.seconded", person=UUID, from_organisation=UUID, to_organisation=UUID, since=date)
SECONDMENT_RETURNED = declare("people.secondment_returned", person=UUID, on=date)
STAFF_IMPORTED = declare("people.staff_imported", employments=int, incomes=int, secondments=int)
UNIT_HEAD_ELECTED = declare("people.unit_head_elected", person=UUID, kind=str, how=str, on=date)
UNIT_HEAD_ENDED = declare("people.unit_head_ended", person=UUID, why=str, on=date)
UNIT_HEADS_IMPORTED = declare("people.unit_heads_imported", heads=int)
#: Heads whose area changed around their house go on in `successors`, one for each.
UNIT_HEADS_FOLLOWED = declare("people.unit_heads_followed", heads=list[UUID], successors=list[UUID])
RESIDENCES_FOLLOWED = declare("people.residences_followed", areas=list[UUID], residences=int, households=int)
STAFF_CARRIED_OVER = declare("people.staff_carried_over", organisations=list[UUID], staff=int, on=date)

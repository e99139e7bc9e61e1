"""URLs of the section for people."""

from django.urls import path

from liuchi.doors.office.people.views import acts, doubles, finding, households, lists, person, words

urlpatterns = [
    path("", lists.people_list, name="people"),
    path("look-up/", finding.look_somebody_up, name="people-look-up"),
    path("new/", finding.register, name="people-new"),
    path("care/", lists.care_list, name="people-care"),
    path("care/categories/", words.care_categories, name="care-categories"),
    path("care/categories/new/", words.define, name="care-category-new"),
    path("care/categories/<slug:code>/", words.define, name="care-category"),
    path("care/categories/<slug:code>/retire/", words.retire, name="care-category-retire"),
    path("consent-texts/", words.texts, name="people-consent-texts"),
    path("consent-texts/new/", words.publish, name="consent-text-new"),
    path("consent-texts/<uuid:text_id>/", words.text, name="consent-text"),
    path("doubles/", doubles.list_doubles, name="people-doubles"),
    path("households/", households.open_questions, name="people-households"),
    path("households/<uuid:household_id>/", households.show, name="household"),
    path("households/<uuid:household_id>/<slug:name>/", households.change, name="household-act"),
    path("rooms/<uuid:dwelling_id>/in/", households.move_in, name="room-move-in"),
    path("<uuid:person_id>/household/new/", households.begin, name="household-new"),
    path("<uuid:person_id>/", person.show_person, name="person"),
    path("<uuid:person_id>/reveal/<slug:field>/", person.reveal, name="person-reveal"),
    path("<uuid:person_id>/with/<uuid:other_id>/", doubles.compare, name="people-compare"),
    path("<uuid:person_id>/<slug:name>/", acts.act, name="person-act"),
]

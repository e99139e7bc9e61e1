"""What protected data may be read for. The code stands in the journal; the words are what the reader chooses."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Purposes of one matter in hand; a page offers those that fit it.
CLARIFY, LOCATE, ANSWER = "clarify", "locate", "answer"
#: Purposes that any page may offer.
HANDLING, VERIFYING, VISITING, CORRECTING = "handling", "verifying", "visiting", "correcting"
REQUESTED, EMERGENCY, SUPERVISION = "requested", "emergency", "supervision"

READ_PURPOSES: Mapping[str, Promise] = {
    CLARIFY: _("Ask about the matter"),
    LOCATE: _("Find the place"),
    ANSWER: _("Tell what was done"),
    HANDLING: _("Handling a case or an application"),
    VERIFYING: _("Verifying who somebody is"),
    VISITING: _("Visiting or calling"),
    CORRECTING: _("Correcting a record"),
    REQUESTED: _("Asked for by the person"),
    EMERGENCY: _("Danger to life or property"),
    SUPERVISION: _("Inspection or audit"),
}
EVERYDAY = (HANDLING, VERIFYING, VISITING, CORRECTING, REQUESTED, EMERGENCY)

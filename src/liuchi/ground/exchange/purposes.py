"""What personal data may be taken out of the house for (PIPL art. 6: a clear purpose, the least that serves it)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PURPOSES = {
    "handle_matter": _("Handle a matter"),
    "contact_people": _("Visit, call or notify people"),
    "check_register": _("Check the register"),
    "hand_up": _("Hand up what a document requires"),
    "answer_person": _("Answer the person concerned"),
    "make_statistics": _("Make statistics"),
    "supervise": _("Inspection or audit"),
}
#: Said by the house itself: somebody gets their own refused rows back.
CORRECT_IMPORT = "correct_import"


def purpose_words(code: str) -> str | Promise:
    """Return a purpose in words; a code that nobody knows any more stands for itself."""
    return {**PURPOSES, CORRECT_IMPORT: _("Correct one's own refused rows")}.get(code, code)

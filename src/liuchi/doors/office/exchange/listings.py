"""What this section hands out itself: one's own imports, and the list of what was taken out."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing, listing_titles
from liuchi.ground.exchange.models import ExportRecord
from liuchi.ground.exchange.purposes import purpose_words
from liuchi.ground.exchange.registers import registers

_IMPORT = "import."


@dataclass(frozen=True)
class TakenOut:
    """An export with who made it: a user name, or a part of the house."""

    row: ExportRecord
    who: str

    @property
    def title(self) -> str | Promise:
        """Return what the list is called."""
        return title_of(self.row.listing)


def title_of(code: str) -> str | Promise:
    """Return what a list is called; refused rows go by their register, a list that is no more by its code."""
    register = registers().get(code.removeprefix(_IMPORT)) if code.startswith(_IMPORT) else None
    if register is not None:
        return _("Refused rows: %(register)s") % {"register": register.title}
    return listing_titles().get(code, code)


EXPORTS = Listing(
    "exchange.exports",
    _("Lists taken out"),
    (
        ListColumn("number", _("Export number"), lambda each: each.row.number),
        ListColumn("made_at", _("When"), lambda each: each.row.made_at),
        ListColumn("actor", _("Account"), lambda each: each.who),
        ListColumn("listing", _("List"), lambda each: each.title),
        ListColumn("code", _("Code of the list"), lambda each: each.row.listing),
        ListColumn("rows", _("Rows"), lambda each: each.row.rows),
        ListColumn("format", _("Format"), lambda each: each.row.get_fmt_display()),
        ListColumn("personal", _("Personal"), lambda each: each.row.is_personal),
        ListColumn("purpose", _("Export purpose"), lambda each: purpose_words(each.row.purpose)),
    ),
)
IMPORTS = Listing(
    "exchange.imports",
    _("Imports"),
    (
        ListColumn("number", _("Import number"), lambda one: one.number),
        ListColumn(
            "register",
            _("Which register"),
            lambda one: registers()[one.register].title if one.register in registers() else one.register,
        ),
        ListColumn("file", _("File"), lambda one: one.filename),
        ListColumn("received_at", _("When"), lambda one: one.received_at),
        ListColumn("state", _("State"), lambda one: one.get_state_display()),
        ListColumn("total", _("Rows"), lambda one: one.total),
        ListColumn("created", _("new"), lambda one: one.created),
        ListColumn("changed", _("changed"), lambda one: one.changed),
        ListColumn("unchanged", _("as they were"), lambda one: one.unchanged),
        ListColumn("refused", _("not brought in"), lambda one: one.refused),
    ),
)

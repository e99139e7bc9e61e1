"""Names as they are kept."""

from django.utils.translation import gettext as _

from liuchi.ground.territory.changing import ChangeRefused

_LONGEST = {"name": 40, "official_name": 60}


def require_name(text: str, *, field: str = "name") -> str:
    """Return a name as it is kept.

    Raises:
        ChangeRefused: it is empty or too long.
    """
    kept = " ".join(text.replace("\0", "").split())
    if not kept:
        raise ChangeRefused(_("Give a name."), field=field)
    if len(kept) > _LONGEST[field]:
        raise ChangeRefused(_("Please use at most %(most)d characters.") % {"most": _LONGEST[field]}, field=field)
    return kept

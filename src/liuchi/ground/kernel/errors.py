"""Expected failures. A door shows them to the person; everything else rises and is logged once."""

from collections.abc import Mapping

from django.utils.functional import Promise


class RuleBroken(Exception):
    """A rule refused what was asked; `message` says what to do about it, in the reader's language.

    Subclasses stand beside the action they belong to and set `code` (stable, for machines).
    `field` names the input that is at fault, where there is one.
    """

    code = "rule_broken"

    def __init__(self, message: str | Promise, *, field: str | None = None, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        """Return the message in the language in force."""
        return str(self.message)


class NotAllowed(RuleBroken):
    """The actor lacks the power, or the place is not theirs."""

    code = "not_allowed"


class NotFound(RuleBroken):
    """There is no such thing, or this actor may not know of it."""

    code = "not_found"


class Stale(RuleBroken):
    """Somebody else changed it meanwhile; look again before acting."""

    code = "stale"


def describe_failure(error: BaseException) -> str:
    """Return class and place of `error`; its message may hold what somebody typed, so it is left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"

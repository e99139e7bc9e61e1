"""What all forms share: text that keeps what was typed, and refusals shown beside the field at fault."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy

from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.texts import plain_text, says_something


class PlainText(forms.CharField):
    """Text as typed, without control characters; `longest` is checked here and never cut off by the browser."""

    def __init__(self, *, longest: int | None = None, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        said = {"required": gettext_lazy("Please fill this in."), **kwargs.pop("error_messages", {})}
        super().__init__(error_messages=said, **kwargs)
        if longest is not None:
            self.validators.append(MaxLengthValidator(longest))

    def to_python(self, value: Any) -> str:
        """Return the text as it is kept: line ends unified, without what nobody can read."""
        text = plain_text(str(value or ""))
        return super().to_python(text if says_something(text) else "") or ""


#: Days outside these years are slips of the hand, and no clock could be computed from them.
FIRST_YEAR, LAST_YEAR = 1850, 2199


def _require_calendar(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            gettext_lazy("Choose a day between %(first)s and %(last)s."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class HouseForm(forms.Form):
    """A form of the house: labels without a colon, ids that do not collide on a page with several forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField | forms.DateTimeField):
                field.validators = [*field.validators, _require_calendar]

    def refuse(self, error: RuleBroken) -> None:
        """Show a refusal beside the field it names, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, str(error))

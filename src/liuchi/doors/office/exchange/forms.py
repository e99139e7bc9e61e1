"""The forms of an import: the file, how it is to be read, which heading is which column."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.exchange.listings import title_of
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.access.queries import account_id
from liuchi.ground.exchange.columns import Choice, Column, Day, Moment, YesNo
from liuchi.ground.exchange.listings import listing_titles
from liuchi.ground.exchange.mapping import Taken, is_ours, read_mapping, write_mapping
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.queries import ExportFilters, ImportFilters
from liuchi.ground.exchange.reading.encodings import ENCODINGS
from liuchi.ground.exchange.reading.limits import MOST_BYTES
from liuchi.ground.exchange.reading.tables import DELIMITERS
from liuchi.ground.exchange.registers import Register, registers

_ENCODING_NAMES: Final = {
    "utf-8-sig": "UTF-8",
    "gb18030": "GB 18030 / GBK",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "big5": "Big5",
}
_DELIMITER_NAMES: Final = {
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tab"),
    ";": gettext_lazy("semicolon"),
    "|": gettext_lazy("bar"),
}
#: Orders in which files write days, where it is not year, month, day.
_DAYS: Final = (
    ("", gettext_lazy("year, month, day")),
    ("%d/%m/%Y", "31/12/2024"),
    ("%m/%d/%Y", "12/31/2024"),
    ("%d.%m.%Y", "31.12.2024"),
    ("%y-%m-%d", "24-12-31"),
)
NOWHERE: Final = ""
#: The id that no account has.
NOBODY: Final = UUID(int=0)


class FileForm(HouseForm):
    """The file, and the register it belongs into."""

    register = forms.ChoiceField(
        label=gettext_lazy("Which register"), error_messages={"required": gettext_lazy("Choose a register.")}
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, XLSX, XLS, ODS or JSON; at most 50 MB and a million rows."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, registers: Mapping[str, Register], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, str(register.title)) for code, register in registers.items()]
        self.fields["register"].choices = [("", _("Choose a register")), *choices]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is larger than is taken."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 50 MB. Split it and send the parts."))
        return file


class ImportSearch(forms.Form):
    """What the list of imports is narrowed to."""

    register = forms.ChoiceField(label=gettext_lazy("Which register"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("Every state")), *State.choices]
    )

    def __init__(self, *args: Any, registers: Mapping[str, Register], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, str(register.title)) for code, register in registers.items()]
        self.fields["register"].choices = [("", _("Every register")), *known]  # type: ignore[attr-defined]

    def filters(self) -> ImportFilters:
        """Return what was asked; what cannot be is left out."""
        given = self.cleaned_data if self.is_valid() else {}
        return ImportFilters(register=given.get("register") or "", state=given.get("state") or "")


class ExportSearch(HouseForm):
    """What the list of exports is narrowed to."""

    number = PlainText(label=gettext_lazy("Export number, as the watermark says"), required=False, longest=24)
    account = PlainText(label=gettext_lazy("Account"), required=False, longest=150)
    listing = forms.ChoiceField(label=gettext_lazy("List"), required=False)
    since = forms.DateField(label=gettext_lazy("from"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("until"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [*listing_titles(), *(f"import.{code}" for code in registers())]
        known = sorted(((code, str(title_of(code))) for code in codes), key=lambda each: each[1])
        self.fields["listing"].choices = [("", _("Every list")), *known]  # type: ignore[attr-defined]

    def filters(self) -> ExportFilters:
        """Return what was asked; what cannot be is left out, and an account that nobody has made no export."""
        self.is_valid()
        given = self.cleaned_data
        account = given.get("account") or ""
        return ExportFilters(
            number=given.get("number") or "",
            listing=given.get("listing") or "",
            actor_id=account_id(account) or NOBODY if account else None,
            since=given.get("since"),
            until=given.get("until"),
        )


class ReadingForm(HouseForm):
    """How the file is to be read, where what was detected is wrong."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=gettext_lazy("Row of the headings"),
        required=False,
        min_value=0,
        max_value=40,
        help_text=gettext_lazy("0: the file has no headings."),
    )

    def __init__(self, *args: Any, one: Import, **kwargs: Any) -> None:
        found = one.found
        said = {name: found.get(name) for name in ("encoding", "delimiter", "sheet")}
        kwargs.setdefault("initial", {**said, "header_row": found.get("header_row") or 0})
        super().__init__(*args, **kwargs)
        form = found.get("form")
        _offer(
            self,
            "encoding",
            [(each, _ENCODING_NAMES[each]) for each in ENCODINGS],
            is_used=form in {"csv", "json", None},
        )
        _offer(self, "delimiter", [(each, _DELIMITER_NAMES[each]) for each in DELIMITERS], is_used=form == "csv")
        _offer(self, "sheet", [(each, each) for each in found.get("sheets", ())], is_used="sheets" in found)
        if form == "json":
            del self.fields["header_row"]

    def options(self) -> dict[str, Any]:
        """Return what the reading is told."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]], *, is_used: bool) -> None:
    if is_used:
        form.fields[name].choices = choices  # type: ignore[attr-defined]
    else:
        del form.fields[name]


class MappingForm(HouseForm):
    """For each column of the register: the heading it stands under, or one value for all rows."""

    def __init__(self, *args: Any, one: Import, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        known = read_mapping(one.mapping or {"columns": {}}, register)
        headings = [heading for heading in one.headings if not is_ours(heading)]
        for column in register.columns:
            taken = known.get(column.key, Taken())
            if column.is_once:
                self._ask_once(column, taken)
            else:
                self._ask_heading(column, taken, headings, one)

    def _ask_once(self, column: Column, taken: Taken) -> None:
        initial = taken.constant if taken.constant is not None else column.default
        if isinstance(column.kind, YesNo):
            words = [("yes", _("yes")), ("no", _("no"))]
        elif isinstance(column.kind, Choice):
            words = [(code, str(word)) for code, word in column.kind.words.items()]
        else:
            words = []
        is_required = column.is_required and not column.default
        common: dict[str, Any] = {"label": column.label, "required": is_required, "initial": initial}
        common["help_text"] = column.help or column.kind.hint
        if isinstance(column.kind, Day):
            common["widget"] = forms.DateInput(attrs={"type": "date"})
        name = f"set_{column.key}"
        self.fields[name] = forms.ChoiceField(choices=words, **common) if words else PlainText(longest=200, **common)

    def _ask_heading(self, column: Column, taken: Taken, headings: list[str], one: Import) -> None:
        at = taken.heading
        if isinstance(at, int):
            at = one.headings[at - 1] if 0 < at <= len(one.headings) else NOWHERE
        self.fields[f"from_{column.key}"] = forms.ChoiceField(
            label=str(column.label),
            required=False,
            choices=[(NOWHERE, _("not in the file")), *((each, each) for each in headings)],
            initial=at if at in headings else NOWHERE,
        )
        self.fields[f"set_{column.key}"] = PlainText(
            label=_("one value for all rows"), required=False, longest=200, initial=taken.constant or ""
        )
        if isinstance(column.kind, (Day, Moment)):
            choices = [*_DAYS, (taken.day, taken.day)] if taken.day and taken.day not in dict(_DAYS) else _DAYS
            self.fields[f"day_{column.key}"] = forms.ChoiceField(
                label=_("how days are written"), required=False, choices=choices, initial=taken.day
            )
        if isinstance(column.kind, Choice):
            said = "\n".join(f"{word}={code}" for word, code in taken.values.items())
            self.fields[f"words_{column.key}"] = PlainText(
                label=_("words of the file (word=meaning, one a line)"),
                required=False,
                longest=2000,
                rows=2,
                initial=said,
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns as the page shows them: what is asked, and the fields of each."""
        found = []
        for column in self.register.columns:
            if column.is_once:
                continue
            more = [self[name] for name in self._more(column.key)]
            is_needed = column.is_required and not column.default
            is_open = any(bound.errors or bound.value() for bound in more)
            heading = self[f"from_{column.key}"]
            found.append(
                {"column": column, "heading": heading, "more": more, "is_needed": is_needed, "is_open": is_open}
            )
        return found

    def once(self) -> list[Any]:
        """Return the fields that are asked once for the file."""
        return [self[f"set_{column.key}"] for column in self.register.columns if column.is_once]

    def document(self) -> dict[str, Any]:
        """Return the mapping that was chosen."""
        mapping: dict[str, Taken] = {}
        for column in self.register.columns:
            given = {part: str(self.cleaned_data.get(f"{part}_{column.key}") or "") for part in ("from", "set", "day")}
            if given["from"]:
                words = self._words(column.key)
                mapping[column.key] = Taken(heading=given["from"], values=words, day=given["day"])
            elif given["set"]:
                mapping[column.key] = Taken(constant=given["set"])
        return write_mapping(mapping)

    def _more(self, key: str) -> list[str]:
        return [name for name in (f"{part}_{key}" for part in ("set", "day", "words")) if name in self.fields]

    def _words(self, key: str) -> dict[str, str]:
        lines = str(self.cleaned_data.get(f"words_{key}") or "").splitlines()
        pairs = (line.split("=", 1) for line in lines if "=" in line)
        return {word.strip(): meaning.strip() for word, meaning in pairs}

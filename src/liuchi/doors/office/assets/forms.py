"""The forms of this section: registering and correcting an asset, noting how it was found, its removal."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from liuchi.doors.office.placing import AreaChoice, PositionForm, position_text, uuid_in
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel import clock
from liuchi.ground.organisations.asset_book import (
    BODIES,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_POSITION,
    NewAsset,
)
from liuchi.ground.organisations.models import Accuracy, Asset, AssetClass, AssetState, DataSource, Organisation
from liuchi.ground.territory.models import Estate

FOUND_STATES = [choice for choice in AssetState.choices if choice[0] != AssetState.REMOVED]


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day, as browsers offer one."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def today() -> date:
    """Return the present day in China."""
    return timezone.localdate(clock.now())


class FactsForm(PositionForm):
    """What is known of an asset besides its class, state and first day."""

    name = PlainText(label=gettext_lazy("Name"), longest=LONGEST_NAME, required=False)
    area = forms.ChoiceField(label=gettext_lazy("Community, where no position is known"), required=False)
    estate = forms.ChoiceField(label=gettext_lazy("Estate"), required=False)
    words = PlainText(label=gettext_lazy("Where exactly"), longest=LONGEST_POSITION, required=False)
    maintainer = forms.ChoiceField(label=gettext_lazy("Maintainer"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    competent = forms.ChoiceField(label=gettext_lazy("Competent body"), required=False)
    accuracy = forms.ChoiceField(label=gettext_lazy("Accuracy"), choices=Accuracy.choices, initial=Accuracy.C)
    data_source = forms.ChoiceField(label=gettext_lazy("Data source"), choices=DataSource.choices)
    note = PlainText(label=gettext_lazy("Note"), longest=LONGEST_NOTE, required=False, rows=2)

    def __init__(
        self,
        *args: Any,
        areas: Iterable[AreaChoice],
        estates: Iterable[Estate],
        bodies: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("area", [(str(each.id), each.label) for each in areas])
        self._offer("estate", [(each.code, each.name) for each in estates])
        named = [(each.code, each.short_name) for each in bodies]
        for body in BODIES:
            self._offer(body, named)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *choices]

    def asset(self, kind: AssetClass, **values: Any) -> NewAsset:
        """Return what was said, as an entry of this class; an empty name takes the class's."""
        said = self.cleaned_data
        return NewAsset(
            kind.code,
            said["name"] or kind.name,
            longitude=said["longitude"],
            latitude=said["latitude"],
            area_id=uuid_in(said["area"]),
            estate_code=said["estate"],
            position=said["words"],
            competent=said["competent"],
            owner=said["owner"],
            maintainer=said["maintainer"],
            data_source=said["data_source"],
            accuracy=said["accuracy"],
            note=said["note"],
            **values,
        )


class NewAssetForm(FactsForm):
    """The same with class, state and first day."""

    kind = forms.ChoiceField(label=gettext_lazy("Class"))
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=FOUND_STATES, initial=AssetState.INTACT)
    recorded_on = day_field(gettext_lazy("Recorded on"))

    def __init__(self, *args: Any, kinds: Iterable[AssetClass], **kwargs: Any) -> None:
        kwargs["initial"] = {"recorded_on": today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for each in kinds:
            grouped.setdefault(each.major_name, []).append((each.code, f"{each.name} {each.code}"))
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *grouped.items()]


class LookForm(HouseForm):
    """How an asset was found."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=FOUND_STATES, widget=forms.RadioSelect)
    on = day_field(gettext_lazy("Looked at on"))
    note = PlainText(label=gettext_lazy("Note"), longest=LONGEST_NOTE, required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RemovalForm(HouseForm):
    """That an asset was removed, and when."""

    on = day_field(gettext_lazy("Removed on"))
    note = PlainText(label=gettext_lazy("Note"), longest=LONGEST_NOTE, required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


def facts_of(asset: Asset) -> dict[str, object]:
    """Return what is known of an asset, as the form shows it."""
    bodies = {body: getattr(asset, body).code if getattr(asset, body) else "" for body in BODIES}
    return {
        "name": asset.name,
        "position": position_text(asset.longitude, asset.latitude),
        "area": str(asset.area_id),
        "estate": asset.estate.code if asset.estate else "",
        "words": asset.position,
        "accuracy": asset.accuracy,
        "data_source": asset.data_source,
        "note": asset.note,
        **bodies,
    }

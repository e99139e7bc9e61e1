"""The forms of this section: an estate, a building with its rooms at one stroke, corrections, endings."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.placing import AreaChoice, PositionForm
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel import clock
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling
from liuchi.ground.territory.models import DwellingUse, EstateKind
from liuchi.ground.territory.models.dwelling import LONGEST_PART

MOST_UNITS, MOST_FLOORS, MOST_ROOMS, MOST_SHOPS = 20, 60, 30, 60


class EstateForm(HouseForm):
    """Name, kind and address of an estate."""

    name = PlainText(label=gettext_lazy("Name"), longest=40)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EstateKind.choices)
    street_address = PlainText(label=gettext_lazy("Address"), longest=60, required=False)


class NewEstateForm(EstateForm):
    """The same with the community it belongs to."""

    community = forms.ChoiceField(label=gettext_lazy("Community or village"))

    def __init__(self, *args: Any, communities: Iterable[AreaChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(each.id), each.label.strip()) for each in communities]
        self.order_fields(["community", "name", "kind", "street_address"])


class FacilitiesForm(PositionForm):
    """What a building has, and where it stands."""

    facilities = PlainText(
        label=gettext_lazy("Facilities"),
        required=False,
        longest=200,
        help_text=gettext_lazy("For example lift, platform on the second floor; with commas between them."),
    )

    def words(self) -> list[str]:
        """Return the facilities one by one."""
        return [
            word for word in self.cleaned_data["facilities"].replace("，", ",").replace("、", ",").split(",") if word
        ]


class NewBuildingForm(FacilitiesForm):
    """A building with all its rooms: so many units, floors from … to …, so many rooms on each floor of a unit."""

    phase = PlainText(label=gettext_lazy("Phase"), longest=LONGEST_PART, required=False)
    number = PlainText(label=gettext_lazy("Building number"), longest=LONGEST_PART)
    units = forms.IntegerField(label=gettext_lazy("Units"), min_value=0, max_value=MOST_UNITS, initial=1)
    first_floor = forms.IntegerField(label=gettext_lazy("Homes from floor"), min_value=1, max_value=5, initial=1)
    last_floor = forms.IntegerField(label=gettext_lazy("to floor"), min_value=1, max_value=MOST_FLOORS, initial=6)
    rooms = forms.IntegerField(
        label=gettext_lazy("Homes on each floor of a unit"), min_value=1, max_value=MOST_ROOMS, initial=2
    )
    shops = forms.IntegerField(
        label=gettext_lazy("Shops on the ground floor"), min_value=0, max_value=MOST_SHOPS, initial=0
    )

    field_order = ("phase", "number", "units", "first_floor", "last_floor", "rooms", "shops", "facilities")

    def clean(self) -> dict[str, object]:
        """Refuse floors that run backwards."""
        cleaned = super().clean()
        first, last = cleaned.get("first_floor"), cleaned.get("last_floor")
        if isinstance(first, int) and isinstance(last, int) and last < first:
            self.add_error("last_floor", _("The last floor lies below the first one."))
        return cleaned

    def building(self) -> NewBuilding:
        """Return the building with its rooms: 301, 302 on the third floor, 1号门面 for shops."""
        said = self.cleaned_data
        shops = [NewDwelling(f"{shop}号门面", 1, use=DwellingUse.SHOP) for shop in range(1, said["shops"] + 1)]
        homes = [
            NewDwelling(f"{floor}{door:02}", floor, str(unit))
            for unit in range(1, said["units"] + 1)
            for floor in range(said["first_floor"], said["last_floor"] + 1)
            for door in range(1, said["rooms"] + 1)
        ]
        return NewBuilding(
            said["number"],
            said["phase"],
            longitude=said["longitude"],
            latitude=said["latitude"],
            facilities=tuple(self.words()),
            dwellings=(*shops, *homes),
        )


class UseForm(HouseForm):
    """What a room is used for, and how large it is."""

    use = forms.ChoiceField(label=gettext_lazy("Use"), choices=DwellingUse.choices)
    floor_area_m2 = forms.DecimalField(
        label=gettext_lazy("Floor area (m²)"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class NewRoomForm(UseForm):
    """A room to add to a building."""

    unit = PlainText(label=gettext_lazy("Unit of the building"), longest=LONGEST_PART, required=False)
    floor = forms.IntegerField(label=gettext_lazy("Floor"), min_value=-9, max_value=200)
    room = PlainText(label=gettext_lazy("Room"), longest=LONGEST_PART)

    field_order = ("unit", "floor", "room", "use", "floor_area_m2")

    def dwelling(self) -> NewDwelling:
        """Return the room."""
        said = self.cleaned_data
        return NewDwelling(said["room"], said["floor"], said["unit"], said["use"], said["floor_area_m2"])


class EndForm(HouseForm):
    """The day from which something no longer exists."""

    on = forms.DateField(
        label=gettext_lazy("From which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate(clock.now()), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

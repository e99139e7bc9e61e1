"""Classes of public assets: those of a standard, and those the city adds."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.asset_book import MANAGE, AssetsRefused, require_power, require_words
from liuchi.ground.organisations.kinds import ASSET_CLASSES_SET
from liuchi.ground.organisations.models import AssetClass
from liuchi.ground.territory.component_codes import CodeError, check_class, next_extension
from liuchi.ground.territory.queries import territory

LONGEST_NAME = 30


@action
def set_asset_classes(*, by: Actor, classes: Iterable[tuple[str, str, str]], document: str) -> int:
    """Bring in the classes (code, name, name of the major class) of a standard; return how many were new.

    Raises:
        NotAllowed: the actor does not manage assets in the whole district.
        AssetsRefused: a code that is none, or no name.
    """
    require_power(by, [MANAGE], territory().root().id)
    known = set(AssetClass.objects.values_list("code", flat=True))
    fresh = []
    for code, name, major in classes:
        try:
            check_class(code)
        except CodeError as error:
            raise AssetsRefused(_("%(code)s: %(why)s.") % {"code": code, "why": error}, field="code") from error
        if code not in known:
            known.add(code)
            fresh.append(AssetClass(code=code, name=name, major_name=major, document=document))
    if fresh:
        AssetClass.objects.bulk_create(fresh)
        _record_classes(by, fresh)
    return len(fresh)


@again_on("asset_class_code_once")
@action
def add_asset_class(*, by: Actor, major: str, name: str) -> AssetClass:
    """Add a class of the city's own within a major class; it is numbered downward from 99.

    Raises:
        NotAllowed: the actor does not manage assets in the whole district.
        AssetsRefused: no such major class, no name, or no number left.
    """
    require_power(by, [MANAGE], territory().root().id)
    held = {each.code: each for each in AssetClass.objects.select_for_update().order_by("code")}
    sibling = next((each for code, each in held.items() if code[:2] == major), None)
    if sibling is None:
        raise AssetsRefused(_("There is no such major class."), field="major")
    try:
        code = next_extension(major, held)
    except CodeError as error:
        raise AssetsRefused(str(error), field="major") from error
    made = AssetClass(
        code=code,
        name=require_words(name, "name", LONGEST_NAME, is_needed=True),
        major_name=sibling.major_name,
        is_extension=True,
    )
    made.save(force_insert=True)
    _record_classes(by, [made])
    return made


def _record_classes(by: Actor, classes: Sequence[AssetClass]) -> None:
    record(
        kind=ASSET_CLASSES_SET,
        by=by,
        subject_type="organisations.asset_class",
        subject_id=classes[0].id,
        data={"classes": [each.code for each in classes]},
    )

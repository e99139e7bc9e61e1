"""Writing organisations: bringing them in, changing them, their succession, posts, duties and venues."""

from liuchi.ground.organisations.actions.disposal import NewDuty, import_duties
from liuchi.ground.organisations.actions.importing import NewOrganisation, NewPost, import_organisations
from liuchi.ground.organisations.changing import OrganisationsRefused

__all__ = [
    "NewDuty",
    "NewOrganisation",
    "NewPost",
    "OrganisationsRefused",
    "import_duties",
    "import_organisations",
]

"""Reading accounts."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from liuchi.ground.access.models import Account
from liuchi.ground.people.queries import same_person


def find_account(username: str) -> Account | None:
    """Return the active account of this user name, or None."""
    return Account.objects.filter(username=username, is_active=True).first()


def account_id(username: str) -> UUID | None:
    """Return the id of the account of this user name, a closed one too, or None."""
    return Account.objects.filter(username=username).values_list("id", flat=True).first()


def accounts_of(person_id: UUID) -> QuerySet[Account]:
    """Return every account of a person, of joined records too and closed ones: they did it all themselves."""
    return Account.objects.filter(same_person("person", person_id)).order_by("username")


def people_of(account_ids: Iterable[UUID]) -> list[UUID]:
    """Return the people whose accounts these are, closed ones too (one query)."""
    rows = Account.objects.filter(id__in=list(account_ids)).order_by("person_id")
    return list(rows.values_list("person_id", flat=True).distinct())


def usernames_of(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the user names of accounts, by id, for pages that say who did something (one query, none for none)."""
    ids = list(account_ids)
    return dict(Account.objects.filter(id__in=ids).order_by("username").values_list("id", "username")) if ids else {}

"""People: residents and staff, where they live and which posts they hold."""

from liuchi.ground.people.models.person import Person, Residence
from liuchi.ground.people.models.staff import PostHolding

__all__ = ["Person", "PostHolding", "Residence"]

"""People: residents and staff, where they live and which posts they hold."""

from liuchi.ground.people.models.person import Person, PostHolding, Residence

__all__ = ["Person", "PostHolding", "Residence"]

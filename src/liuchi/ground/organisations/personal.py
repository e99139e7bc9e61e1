"""What of this room sounds like personal data and is none."""

from liuchi.ground.records.declared import holds_nobody

holds_nobody("organisations.Organisation", "telephone and address of an organisation, which are public")
holds_nobody("organisations.Venue", "telephone and address of a place that is open to everybody")

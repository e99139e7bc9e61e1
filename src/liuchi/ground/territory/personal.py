"""What of this room sounds like personal data and is none."""

from liuchi.ground.records.declared import holds_nobody

holds_nobody("territory.Boundary", "the outline of an area")
holds_nobody("territory.Feature", "roads and water on the map")
holds_nobody("territory.Estate", "the road on which an estate of many households stands")

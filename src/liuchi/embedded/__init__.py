"""The embedded PostgreSQL: started by its first user, stopped with its last, clean after kill -9 of anything."""

from liuchi.embedded.errors import (
    BadPath,
    BrokenData,
    ClosedDirectory,
    DiskFull,
    EmbeddedError,
    NotPermitted,
    OtherVersion,
    ProgramsMissing,
    StartFailed,
)
from liuchi.embedded.places import default_data, default_root
from liuchi.embedded.server import Lease, Server

__all__ = [
    "BadPath",
    "BrokenData",
    "ClosedDirectory",
    "DiskFull",
    "EmbeddedError",
    "Lease",
    "NotPermitted",
    "OtherVersion",
    "ProgramsMissing",
    "Server",
    "StartFailed",
    "default_data",
    "default_root",
]

"""Writing what leaves the house and what enters it."""

from liuchi.ground.exchange.actions.exporting import record_export
from liuchi.ground.exchange.actions.importing import (
    choose_reading,
    forget_import,
    receive_file,
    set_mapping,
    start_import,
    stop_import,
    take_back_import,
)

__all__ = [
    "choose_reading",
    "forget_import",
    "receive_file",
    "record_export",
    "set_mapping",
    "start_import",
    "stop_import",
    "take_back_import",
]

"""How much of a file is taken, and the words by which the reading process says what is wrong with it."""

from typing import Final

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 1_000_000, 200
#: Letters of a cell, as spreadsheets have them, and of a line of text.
LONGEST_CELL, LONGEST_LINE = 32_767, 1_000_000
#: A workbook stands in memory as a whole: cells of a sheet, bytes it may unfold to, and how much more than packed.
MOST_CELLS, MOST_UNPACKED, MOST_TIMES = 5_000_000, 600 * 1024 * 1024, 250
#: Memory and seconds of processor that the reading process may take.
MEMORY, SECONDS = 1536 * 1024**2, 180


class FileRefused(Exception):
    """The file as a whole cannot be read; `code` stands for a sentence, `facts` fill it in."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

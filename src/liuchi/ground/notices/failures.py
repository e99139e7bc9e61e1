"""What can go wrong on the way out, as codes: words of servers may quote addresses and are not kept."""


class Failed(Exception):
    """A message did not go out. `code` says why; `is_final` that trying again is of no use."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final = code, is_final

"""What a statement would write: read from its words, so that no comment, bracket or literal hides or fakes a write."""

import re
from collections.abc import Sequence
from functools import lru_cache

#: Stands for a write whose table cannot be told from the statement.
SOMETHING = "?"

_MAY_WRITE = re.compile(r"INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|\bDO\b|INTO", re.IGNORECASE)
_TOKEN = re.compile(
    r"""--[^\n]*
    | /\*
    | (?:E'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*')
    | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
    | "(?P<quoted>(?:[^"]|"")*)"
    | (?P<word>[A-Za-z_\u0080-\uffff][\w$]*)
    | (?P<sign>[;().])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
#: Words after which UPDATE is a lock, a conflict clause or part of a definition, not a statement of its own.
_NO_STATEMENT = frozenset({"FOR", "KEY", "DO", "ON", "BEFORE", "AFTER", "OF", "OR"})


@lru_cache(maxsize=512)
def written_tables(sql: str) -> frozenset[str]:
    """Return the tables that `sql` writes to, in small letters; empty for a statement that only reads.

    Names in the public schema come without it. Definitions (CREATE, ALTER, DROP) are no writes: they belong to
    migrations. What a called function does inside cannot be seen here.
    """
    if not _MAY_WRITE.search(sql):
        return frozenset()
    tokens = _tokens(sql)
    found = (_written_at(tokens, at) for at in range(len(tokens)))
    return frozenset(table for table in found if table is not None)


def _tokens(sql: str) -> list[str]:
    """Return words in capitals, quoted names behind a quote mark, and the signs that matter."""
    found, at = [], 0
    while (match := _TOKEN.search(sql, at)) is not None:
        at = _end_of_comment(sql, match.end()) if match[0] == "/*" else match.end()
        if match["quoted"] is not None:
            found.append('"' + match["quoted"])
        elif match["word"]:
            found.append(match["word"].upper())
        elif match["sign"]:
            found.append(match["sign"])
    return found


def _end_of_comment(sql: str, at: int) -> int:
    depth = 1
    for mark in re.finditer(r"/\*|\*/", sql[at:]):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return at + mark.end()
    return len(sql)


def _written_at(tokens: Sequence[str], at: int) -> str | None:
    before = tokens[at - 1] if at else ";"
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    match tokens[at]:
        case "INSERT" | "MERGE" if after == "INTO":
            return _name(tokens, at + 2)
        case "DELETE" if after == "FROM":
            return _name(tokens, at + 2)
        case "UPDATE" if before not in _NO_STATEMENT:
            return _name(tokens, at + 1)
        case "COPY" if before == ";":
            return _copied_into(tokens, at + 1)
        case "TRUNCATE" | "CALL" | "DO" if before == ";":
            return SOMETHING
        case "INTO" if before not in {"INSERT", "MERGE"}:
            return SOMETHING  # SELECT … INTO makes a table
    return None


def _name(tokens: Sequence[str], at: int) -> str:
    """Return the table named at `at`, without the schema public."""
    if at < len(tokens) and tokens[at] == "ONLY":
        at += 1
    parts = [tokens[each] for each in range(at, min(at + 3, len(tokens)), 2)]
    named = parts if len(parts) == 2 and tokens[at + 1] == "." else parts[:1]
    plain = [part[1:] if part.startswith('"') else part.lower() for part in named]
    if plain[:1] == ["public"] and len(plain) == 2:
        plain = plain[1:]
    return ".".join(plain) or SOMETHING


def _copied_into(tokens: Sequence[str], at: int) -> str | None:
    """Return the table that a COPY fills, or None where it copies out."""
    depth = 0
    for word in tokens[at:]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word in {"FROM", "TO"}:
            return _name(tokens, at) if word == "FROM" else None
    return None

"""What an action is: one keyword-only function, one transaction, one journal line."""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, models, transaction

from liuchi.ground.kernel import guard

P = ParamSpec("P")
R = TypeVar("R")


#: Makes the row, if any, that whoever calls an action wants kept with what it did, from what the action returns.
MakeRow = Callable[[Any], models.Model | None]

_kept: ContextVar[MakeRow | None] = ContextVar("row_kept_with_an_action", default=None)


class ActionMisbuilt(RuntimeError):
    """An action does not keep the house's promise (nested in another, or not exactly one journal line)."""


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` an action: it runs in one transaction, may write, and leaves exactly one journal line.

    An action that finds nothing to change and writes nothing leaves no line. Inside a reaction it joins the
    reaction's transaction, so that effect and checkpoint commit together.

    Raises:
        TypeError: at definition when an argument is not keyword-only or `by` is missing.
        ActionMisbuilt: when called from another action, or when it wrote without leaving exactly one line.
    """
    parameters = inspect.signature(function).parameters
    if any(each.kind is not inspect.Parameter.KEYWORD_ONLY for each in parameters.values()) or "by" not in parameters:
        raise TypeError(f"{function.__qualname__}: an action takes keyword-only arguments, `by` among them")

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = guard.current_scope()
        if outer is not None and outer.kind == "action":
            raise ActionMisbuilt(f"{function.__qualname__} was called inside {outer.name}; an action calls no other")
        with transaction.atomic(durable=outer is None), guard.scope("action", function.__qualname__) as opened:
            result = function(*args, **kwargs)
            if opened.writes and opened.lines != 1:
                raise ActionMisbuilt(f"{function.__qualname__} left {opened.lines} journal lines; it must leave one")
            make = _kept.get()
            row = make(result) if make is not None else None
            if row is not None:
                row.save(force_insert=True)
        if outer is not None:
            outer.writes += opened.writes
        return result

    return run


@contextmanager
def kept_with(make: MakeRow) -> Iterator[None]:
    """Let every action called in the block leave the row that `make` returns in its transaction: both, or neither."""
    mark = _kept.set(make)
    try:
        yield
    finally:
        _kept.reset(mark)


def again_on(constraint: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run an action once more when it lost a race on a unique constraint; the second finds what the winner wrote."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except IntegrityError as error:
                if constraint not in str(error) or guard.current_scope() is not None:
                    raise
            return function(*args, **kwargs)

        return run

    return decorate

"""What an action is: one keyword-only function, one transaction, one journal line."""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

from liuchi.ground.kernel import guard

P = ParamSpec("P")
R = TypeVar("R")


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
        if outer is not None:
            outer.writes += opened.writes
        return result

    return run


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

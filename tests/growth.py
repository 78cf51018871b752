"""How long functions take as the text grows that they are given: what the growth test measures by.

Arguments are made by their annotated types: every text is the hostile one, a dataclass or a class
of ours is made of what its own annotations ask for, a list holds one of what it lists.
"""

from __future__ import annotations

import collections
import collections.abc
import contextlib
import dataclasses
import enum
import functools
import gc
import importlib
import inspect
import math
import pkgutil
import time
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import bot
import knowledge

SIZES = (1_000, 2_000, 4_000, 8_000, 16_000)
"""Characters of the text, the last as long as a message of WeChat can be."""

STEEPEST = 1.3
"""The power of its length with which the time for a text may grow."""

GIVEN: dict[str, object] = {"group": "paytalk", "size": 2_000}
"""Arguments by their names: a group's is the operator's, and a part of a text is no character."""

FLOOR = 1e-6
"""Seconds for a character that are few, however they came about: 16 ms for the longest text."""

SLOW = 0.5
"""Seconds that the shortest texts may take."""

SEVERAL = 5
"""How often what looks steep is measured again; the best of them counts."""

SHAPES: dict[str, Callable[[int], str]] = {
    "open quote and blanks": lambda n: "「" + " " * n + "x",
    "quoted names": lambda n: "「a：" * (n // 3),
    "quotes": lambda n: "「a：b」" * (n // 5),
    "open quotes": lambda n: "「" * n,
    "quote and dashes": lambda n: "「a：b」\n" + "- " * (n // 2) + "x",
    "closed and dashes": lambda n: "「a：" + "」- - " * (n // 5) + "x",
    "mentions": lambda n: "@a " * (n // 3),
    "mentions of many": lambda n: " ".join(f"@n{i}" for i in range(n // 6)),
    "mentions with a lost blank": lambda n: "@ab?" * (n // 4),
    "at signs": lambda n: "@" * n,
    "stops between": lambda n: "a" + "。" * n + "a",
    "a particle and stops": lambda n: "吗。。" * (n // 3) + "x",
    "blanks between": lambda n: "a" + " " * n + "b",
    "blanks between lines": lambda n: "a\n" + " " * n + "b\nc",
    "wide blanks between lines": lambda n: "a\n" + "\u3000\t" * (n // 2) + "b\nc",
    "lines": lambda n: "a" + "\n" * n + "b",
    "lines of blanks": lambda n: "a" + "\n " * (n // 2) + "b",
    "dashes": lambda n: "-" * n + "a",
    "digits": lambda n: "1" * n + "a",
    "rates": lambda n: "千" + "1" * n + "个%",
    "numbers": lambda n: "1.2" * (n // 3) + "%",
    "a character's number": lambda n: "&#" + "1" * n + ";",
    "entities": lambda n: "&amp" * (n // 4),
    "codes": lambda n: "[微笑]" * (n // 4),
    "open codes": lambda n: "[" * n,
    "images": lambda n: "![a](b)" * (n // 7),
    "open images": lambda n: "![" * (n // 2),
    "images without an end": lambda n: "![](" * (n // 4),
    "mixed": lambda n: "a限1额" * (n // 4),
    "words": lambda n: "ab c1 " * (n // 6),
    "one word": lambda n: "a" * n,
    "one character": lambda n: "限" * n,
    "different characters": lambda n: "".join(chr(0x4E00 + i * 7 % 2_999) for i in range(n)),
    "no": lambda n: "不" * n,
    "or": lambda n: "是按还是" * (n // 4),
    "brackets": lambda n: "(" * n,
    "quotation marks": lambda n: "\"'" * (n // 2),
    "addresses": lambda n: "http://a.b/c " * (n // 13),
    "one address": lambda n: "http://" + "a/" * (n // 2),
    "retold": lambda n: "Q：ab cd A：ef " * (n // 12),
    "sentences": lambda n: "这个限额是多少？" * (n // 8),
    "question marks": lambda n: "?" * n,
    "lost characters": lambda n: "\ufffd" * n,
    "expanding": lambda n: "\ufdfa" * n,
    "headers": lambda n: "> 09:00:00  a\n" * (n // 14),
    "commas": lambda n: "a,b=>" * (n // 5),
    "a command": lambda n: "/answer 1 " + "a " * (n // 2),
    "backslashes": lambda n: "\\" * n,
    "politeness": lambda n: "请问一下大家" * (n // 6) + "x",
    "surrogates": lambda n: "\ud800" * n,
}
"""Texts of about `n` characters that repeat a piece which a pattern or a loop may stumble over."""


def text_of(shape: str, size: int, salt: int = 0) -> str:
    """A text of a shape that was not seen before with another `salt`: what is kept is no help."""
    return SHAPES[shape](size) + (f" {salt}" if salt else "")


def modules(left_out: Iterable[str]) -> Iterator[types.ModuleType]:
    """The modules of both packages, without the rooms that are left out."""
    for package in (knowledge, bot):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not any(f"{found.name}.".startswith(f"{room}.") for room in left_out):
                yield importlib.import_module(found.name)


class Unmade(Exception):
    """No argument of a type can be made."""


class Unknown:
    """A type that is not there while the program runs."""


def _evaluated(annotation: str, within: Mapping[str, Any]) -> Any:
    try:
        return eval(annotation, dict(within))
    except NameError:
        return Unknown


class Maker:
    """Makes arguments of a text; `special` are types that are made otherwise, by hand."""

    def __init__(self, special: Mapping[Any, Callable[[str], object]], ours: Iterable[type]):
        self._special = special
        self._ours = {kind.__name__: kind for kind in ours}

    def hints(self, function: Callable[..., object]) -> dict[str, Any]:
        """The annotated types of a function; `Unknown` for one that is imported for mypy alone."""
        try:
            return typing.get_type_hints(function, localns=self._ours)
        except NameError:
            within = {**vars(typing), **getattr(function, "__globals__", {}), **self._ours}
            return {n: _evaluated(h, within) for n, h in inspect.get_annotations(function).items()}

    def arguments(self, function: Callable[..., object], text: str) -> dict[str, object]:
        """An argument for each parameter that has to be given."""
        hints = self.hints(function)
        made: dict[str, object] = {}
        for name, p in inspect.signature(function).parameters.items():
            if name in ("self", "cls") or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL):
                continue
            if name not in hints:
                raise Unmade(name)
            if p.default is p.empty or speaks(hints[name]):
                made[name] = GIVEN[name] if name in GIVEN else self.make(hints[name], text)
        return made

    def make(self, kind: Any, text: str) -> Any:
        """A value of a type."""
        if kind in self._special:
            return self._special[kind](text)
        if isinstance(kind, typing.TypeVar) or kind in (str, Any, object, collections.abc.Hashable):
            return text
        simple: dict[Any, object] = {
            int: 1, float: 0.5, bool: False, bytes: text.encode("utf-8", "replace"),
            type(None): None, datetime: datetime(2024, 3, 1, 9, tzinfo=UTC),
            date: date(2024, 3, 1), timedelta: timedelta(1), tzinfo: UTC,
        }  # fmt: skip
        if kind in simple:
            return simple[kind]
        origin, of = typing.get_origin(kind), typing.get_args(kind)
        if origin is not None:
            return self._generic(origin, of, text)
        if isinstance(kind, type):
            return self._instance(kind, text)
        raise Unmade(str(kind))

    def _generic(self, origin: Any, of: tuple[Any, ...], text: str) -> Any:
        if origin in (types.UnionType, typing.Union):
            return self.make(next(k for k in of if k is not type(None)), text)
        if origin is typing.Literal:
            return of[0]
        if origin is collections.abc.Callable:
            return lambda *a, **k: self.make(of[-1], text)
        if origin is tuple:
            kinds = of[:1] if of[-1] is ... else of
            return tuple(self.make(k, text) for k in kinds)
        if issubclass(origin, collections.Counter):
            return collections.Counter([self.make(of[0], text)])
        if issubclass(origin, collections.abc.Mapping):
            return {self.make(of[0], text): self.make(of[1], text)}
        if origin is collections.abc.Iterator:
            return iter([self.make(of[0], text)])
        if issubclass(origin, collections.abc.Set):
            return frozenset([self.make(of[0], text)])
        if issubclass(origin, collections.abc.Iterable):
            return [self.make(of[0], text)]
        raise Unmade(str(origin))

    def _instance(self, kind: type, text: str) -> Any:
        if issubclass(kind, enum.Enum):
            return next(iter(kind))
        if getattr(kind, "_is_protocol", False) or not kind.__module__.startswith(
            ("knowledge", "bot")
        ):
            raise Unmade(kind.__name__)
        if issubclass(kind, tuple) or dataclasses.is_dataclass(kind):
            hints = self.hints(kind)
            return kind(
                **{n: GIVEN[n] if n in GIVEN else self.make(h, text) for n, h in hints.items()}
            )
        return kind(**self.arguments(kind.__init__, text))


def types_of(module: types.ModuleType) -> list[type]:
    """The classes that a module defines."""
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and found.__module__ == module.__name__
    ]


def speaks(kind: Any, seen: tuple[Any, ...] = ()) -> bool:
    """Whether a value of a type holds text."""
    if kind is str or isinstance(kind, typing.TypeVar):
        return True
    if kind in seen:
        return False
    if of := typing.get_args(kind):
        return any(speaks(k, seen) for k in of if k is not ...)
    if isinstance(kind, type) and (issubclass(kind, tuple) or dataclasses.is_dataclass(kind)):
        with contextlib.suppress(NameError):
            hints = typing.get_type_hints(kind)
            return any(speaks(h, (*seen, kind)) for h in hints.values())
    return False


@dataclasses.dataclass(frozen=True)
class Driven:
    """A function to be driven: what makes a call of it, with a text."""

    name: str
    prepared: Callable[[str], Callable[[], object]]


def functions(module: types.ModuleType, maker: Maker) -> Iterator[Driven]:
    """The functions, methods and properties of a module that are given text."""
    for name, found in vars(module).items():
        if getattr(found, "__module__", "") != module.__name__:
            continue
        where = f"{module.__name__}.{name}"
        if isinstance(found, type):
            if issubclass(found, (enum.Enum, BaseException)) or getattr(
                found, "_is_protocol", False
            ):
                continue
            yield from _methods(found, where, maker)
        elif _takes_text(found, maker):
            yield Driven(where, partial(_call, found, maker))


def _methods(kind: type, where: str, maker: Maker) -> Iterator[Driven]:
    holds = speaks(kind)
    for name, found in vars(kind).items():
        if isinstance(found, (property, functools.cached_property)):
            function = found.fget if isinstance(found, property) else found.func
            if holds and function is not None:
                yield Driven(f"{where}.{name}", partial(_get, maker, kind, name))
        elif isinstance(found, (classmethod, staticmethod)):
            if name not in ("_make",) and _takes_text(found.__func__, maker):
                bound = getattr(kind, name)
                yield Driven(f"{where}.{name}", partial(_call, bound, maker))
        elif inspect.isfunction(found) and found.__module__ == kind.__module__ and _written(found):
            if name in ("__init__", "__post_init__", "__repr__", "__eq__", "__hash__"):
                continue
            if (holds and not name.startswith("__")) or _takes_text(found, maker):
                yield Driven(f"{where}.{name}", partial(_of, maker, kind, name))


def _get(maker: Maker, kind: type, name: str, text: str) -> Callable[[], object]:
    made = maker.make(kind, text)
    return lambda: getattr(made, name)


def _of(maker: Maker, kind: type, name: str, text: str) -> Callable[[], object]:
    return _call(getattr(maker.make(kind, text), name), maker, text)


def _call(function: Callable[..., object], maker: Maker, text: str) -> Callable[[], object]:
    """A call; what it gives one by one is taken."""
    signature = inspect.signature(function)
    made = maker.arguments(function, text)
    at_place = {inspect.Parameter.POSITIONAL_ONLY}
    first = [made.pop(n) for n, p in signature.parameters.items() if p.kind in at_place]

    def called() -> object:
        out = function(*first, **made)
        if isinstance(out, collections.abc.Iterator):
            collections.deque(out, 0)
        return out

    return called


def _written(function: types.FunctionType) -> bool:
    """Whether a function stands in a file, and was not made by a decorator or a base."""
    return Path(function.__code__.co_filename).is_file()


def _takes_text(function: Any, maker: Maker) -> bool:
    function = inspect.unwrap(function) if callable(function) else function
    if inspect.isfunction(function) and not _written(function):
        return False
    if not inspect.isfunction(function) or inspect.iscoroutinefunction(function):
        return False
    hints = maker.hints(function)
    return any(speaks(hint) for name, hint in hints.items() if name != "return")


@dataclasses.dataclass(frozen=True)
class Steep:
    """What takes too long: the times in seconds by the characters of the text."""

    name: str
    shape: str
    seconds: dict[int, float]

    def __str__(self) -> str:
        told = ", ".join(f"{n}: {s * 1000:.1f} ms" for n, s in self.seconds.items())
        return f"{self.name} of {self.shape}: {told}"


def seconds(driven: Driven, shape: str, size: int, times: int, salt: int) -> float:
    """How long a call takes, at best: in this thread alone, whatever else the machine does."""
    best = math.inf
    for n in range(times):
        call = driven.prepared(text_of(shape, size, salt + n))
        gc.disable()
        began = time.thread_time()
        # What a text is refused with is another test's matter; here it is how long that takes.
        with contextlib.suppress(Exception):
            call()
        best = min(best, time.thread_time() - began)
        gc.enable()
    return best


def grows(driven: Driven, shape: str) -> Steep | None:
    """What is wrong with a function, when its time grows steeper than the text: shortest first."""
    shortest, longest = SIZES[0], SIZES[-1]
    found = {shortest: seconds(driven, shape, shortest, 1, shortest)}
    if found[shortest] < FLOOR * longest:
        # Even if it grew with the third power, the longest would be told in a minute.
        found[longest] = seconds(driven, shape, longest, 1, longest)
        if found[longest] < FLOOR * longest:
            return None
        del found[longest]
    for size in SIZES:
        found[size] = seconds(driven, shape, size, 1, 2 * size)
        if _steep(found, size):
            for n in (size // 4, size):
                if n in found:
                    times = SEVERAL if found[n] < SLOW else 1
                    found[n] = seconds(driven, shape, n, times, 2 * SIZES[-1] + n)
            if _steep(found, size):
                return Steep(driven.name, shape, found)
    return None


def _steep(found: Mapping[int, float], size: int) -> bool:
    """Whether the time for a text grew too much: since one of a fourth of its length, and in all.

    On a busy machine, four times the text takes seven times the time now and then, as it finds less
    of its memory in the cache; from the shortest on, that is levelled out.
    """
    if size // 4 not in found:
        return found[size] > SLOW
    shortest = min(found)
    most: float = max(
        found[size // 4] * 4**STEEPEST,
        found[shortest] * (size / shortest) ** STEEPEST,
        FLOOR * size,
    )
    return found[size] > most

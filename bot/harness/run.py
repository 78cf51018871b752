"""Runs a conversation through a group and compares what the bot did with what was expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.harness.group import ADMIN, Group, Spoken, contact
from bot.harness.script import Expectation, Script, ScriptError, Step
from bot.incoming import Decision
from bot.settings import MODES, Settings, Speaking


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met, with what the bot did instead."""

    expectation: Expectation
    happened: str


@dataclass(frozen=True, slots=True)
class Played:
    """A step as it was played: when, what was decided and said, and what was expected in vain."""

    step: Step
    at: datetime
    decisions: tuple[Decision, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def reply(self) -> str:
        """All that the bot said, as one text."""
        return "\n".join(s.text for d in self.decisions for s in d.sends)


@dataclass(frozen=True, slots=True)
class Result:
    """A conversation as it was played."""

    script: Script
    played: tuple[Played, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All expectations that were not met, in order."""
        return tuple(f for p in self.played for f in p.failures)


def run(script: Script, root: Path) -> Result:
    """Play a conversation; `root` is what relative archive paths are looked for in, too.

    ScriptError: the front matter holds a wrong value, or a step cannot be done.
    """
    group = _group(script, root)
    try:
        times = [(step, _play(group, script, step)) for step in script.steps]
        # What still waits at the end comes to its end, too.
        group.advance(group.settings.speaking.settle)
        return Result(script, tuple(_played(group, step, *rest) for step, rest in times))
    finally:
        group.close()


def _play(group: Group, script: Script, step: Step) -> tuple[datetime, str, tuple[Decision, ...]]:
    """Do a step: when it was done, the id of the message said, and decisions of other messages."""
    if step.time is not None:
        now = group.clock.now
        group.go_to(datetime.combine(now.date(), step.time, now.tzinfo))
    at = group.clock.now
    if step.what == "say":
        admin = not step.time and step.who == ADMIN
        group.say(step.who, step.text, room=step.room, mentioned=admin and step.room is not None)
        if admin:
            group.advance(0)
        return at, group.last().incoming.id, ()
    if step.what == "again":
        last = group.last().incoming
        room = last.room.topic if last.room else None
        again = group.say(
            last.sender.name, last.text, room=room, mentioned=last.mentioned, message_id=last.id
        )
        return at, "", (again,)
    if step.what == "clock":
        return at, "", tuple(group.advance(int(step.text)))
    if step.what == "restart":
        group.restart()
        return at, "", ()
    _change_file(group, script, step)
    return at, "", ()


def _change_file(group: Group, script: Script, step: Step) -> None:
    path = (group.archive_folder / step.name).resolve()
    if not path.is_relative_to(group.archive_folder):
        raise ScriptError(f"{script.path}:{step.line}: expected a path within the archive")
    if step.what == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, encoding="utf-8")
    elif path.is_dir():
        path.rename(path.with_name(f".{path.name}"))
    elif path.exists():
        path.unlink()
    else:
        raise ScriptError(f"{script.path}:{step.line}: expected an archive file {step.name}")


def _played(
    group: Group, step: Step, at: datetime, message: str, others: tuple[Decision, ...]
) -> Played:
    spoken: Spoken | None = group.spoken.get(message)
    decisions = spoken.decisions if spoken else others
    played = Played(step, at, decisions)
    failures = (Failure(e, why) for e in step.expected if (why := _unmet(e, played)))
    return replace(played, failures=tuple(failures))


def _unmet(expectation: Expectation, played: Played) -> str:
    """What happened instead of what was expected; empty when it was met."""
    if not played.decisions:
        return "nothing was decided"
    last, first = played.decisions[-1], played.decisions[0]
    words, reply = expectation.words, played.reply
    met = {
        "引用": lambda: bool(reply) and words in _cited(played),
        "包含": lambda: words in reply,
        "不含": lambda: words not in reply,
        "回复": lambda: bool(reply),
        "没找到": lambda: first.reason.startswith("not found"),
        "沉默": lambda: not reply and words.strip("()（）") in last.reason,
        "等待": lambda: first.reason.startswith("held"),
        "拒绝": lambda: first.reason.startswith("refused"),
    }[expectation.kind]()
    if met:
        return ""
    return f"said 「{reply}」 ({last.reason})" if reply else f"kept silent ({last.reason})"


def _cited(played: Played) -> set[str]:
    """The messages that the reply quotes, by citation and by moment."""
    found: set[str] = set()
    for decision in played.decisions:
        if decision.sends and decision.matches and decision.reason == "answered":
            exchange = decision.matches[0].exchange
            messages = [*exchange.question, *(a.message for a in exchange.answers)]
            for citation in (m.citation for m in messages):
                found |= {str(citation), f"{citation.date} {citation.time}"}
    return found


def _group(script: Script, root: Path) -> Group:
    keys = script.keys

    def wrong(key: str, expected: str) -> ScriptError:
        return ScriptError(f"{script.path}: {key}: expected {expected}, not {keys[key]!r}")

    mode = keys.get("mode", "mention")
    if mode not in MODES:
        raise wrong("mode", f"one of {', '.join(MODES)}")
    archives = []
    for name in filter(None, (n.strip() for n in keys.get("archive", "").split(","))):
        path = next((p for p in (script.path.parent / name, root / name) if p.exists()), None)
        if path is None:
            raise wrong("archive", "paths that are there")
        archives.append(path.resolve())
    rooms: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (p.strip() for p in keys.get("rooms", "").split(";"))):
        topic, sign, groups = part.partition("=")
        if not sign:
            raise wrong("rooms", "`topic = group, group; topic = group`")
        rooms[topic.strip()] = tuple(g.strip() for g in groups.split(",") if g.strip())
    try:
        settings = _settings(keys)
        start = script.start
    except ValueError as e:
        raise ScriptError(f"{script.path}: front matter: {e}") from e
    return Group(archives, settings=settings, rooms=rooms or None, mode=mode, start=start)


def _settings(keys: dict[str, str]) -> Settings:
    numbers = {k: float(keys[k]) for k in ("asked", "overheard") if k in keys}
    speaking: dict[str, float] = {k: float(keys[k]) for k in ("cooldown", "settle") if k in keys}
    limits = {k: int(keys[k]) for k in ("person", "room") if k in keys}
    bots = tuple(contact(b.strip()).id for b in keys.get("bots", "").split(",") if b.strip())
    return replace(
        Settings(),
        **numbers,  # type: ignore[arg-type]
        speaking=replace(Speaking(), **speaking, **limits),  # type: ignore[arg-type]
        bots=bots,
        live=Path("live") if keys.get("live") == "on" else None,
    )

"""Runs a conversation through a group and compares what the bot did with what was expected."""

from __future__ import annotations

import shutil
import traceback
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.decision import Decision
from bot.harness.expect import cited, happened, said
from bot.harness.group import Group, contact, write
from bot.harness.script import Expectation, Script, ScriptError, Step
from bot.reasons import Reason, Why
from bot.settings import MODES, Settings, Speaking
from knowledge.errors import PalouError
from knowledge.groups import group_name


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met, with what the bot did instead."""

    expectation: Expectation
    happened: str


@dataclass(frozen=True, slots=True)
class Played:
    """A step as it was played: when, what was decided and said, and what was expected in vain.

    `seen` is the text of a file that was looked into.
    """

    step: Step
    at: datetime
    decisions: tuple[Decision, ...] = ()
    failures: tuple[Failure, ...] = ()
    seen: str = ""

    @property
    def reply(self) -> str:
        """All that the bot said, as one text."""
        return said(self.decisions)


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
        done = [_play(group, script, step) for step in script.steps[_at_start(script) :]]
        # What still waits at the end comes to its end, too.
        group.advance(group.settings.speaking.settle)
        strict = script.keys.get("strict") == "on"
        return Result(script, tuple(_judged(group, *each, strict) for each in done))
    finally:
        group.close()


# A step as it was played, and, if something was said in it, where that stands in `spoken`.
_Done = tuple[Played, int | None]


def _at_start(script: Script) -> int:
    """How many steps only write files before anything happens: those are there from the start."""
    others = (n for n, step in enumerate(script.steps) if step.what != "write")
    return next(others, len(script.steps))


def _play(group: Group, script: Script, step: Step) -> _Done:
    """Do a step; what goes wrong in the bot itself is a failure of the step."""
    try:
        return _do(group, script, step)
    except PalouError:
        raise
    except Exception as e:
        last = traceback.extract_tb(e.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        failure = Failure(Expectation(step.line, "回复", ""), f"broke: {e!r} at {where}")
        return Played(step, group.clock.now, failures=(failure,)), None


def _do(group: Group, script: Script, step: Step) -> _Done:
    if step.time is not None or step.what == "date":
        decisions = _go_to(group, script, step)
    at = group.clock.now
    if step.what == "say":
        group.say(step.who, step.text, room=step.room)
        return Played(step, at), len(group.spoken) - 1
    if step.what == "again":
        group.again()
        return Played(step, at), len(group.spoken) - 1
    if step.what == "date":
        return Played(step, at, decisions), None
    if step.what == "clock":
        return Played(step, at, tuple(group.advance(int(step.text)))), None
    if step.what == "see":
        return Played(step, at, seen=_seen(group, script, step)), None
    if step.what == "restart":
        group.restart()
    else:
        _change_archive(group, script, step)
    return Played(step, at), None


def _go_to(group: Group, script: Script, step: Step) -> tuple[Decision, ...]:
    """Let time pass until a step's moment; ScriptError when it has passed."""
    now = group.clock.now
    if step.time is not None:
        moment = datetime.combine(now.date(), step.time, now.tzinfo)
    else:
        moment = datetime.fromisoformat(step.text).replace(tzinfo=now.tzinfo)
    if moment < now:
        raise ScriptError(
            f"{script.path}:{step.line}: expected a moment from {now:%Y-%m-%d %H:%M:%S} on, where "
            f"the clock stands; not {moment:%Y-%m-%d %H:%M:%S}"
        )
    return tuple(group.go_to(moment))


def _below(folder: Path, script: Script, step: Step) -> Path:
    path = (folder / step.name).resolve()
    if not path.is_relative_to(folder) or path == folder:
        raise ScriptError(f"{script.path}:{step.line}: expected a path within the archive")
    return path


def _seen(group: Group, script: Script, step: Step) -> str:
    path = _below(group.folder, script, step)
    if not path.is_file():
        there = (p.relative_to(group.folder) for p in sorted(group.folder.rglob("*.md")))
        ours = [str(p) for p in there if p.parts[0] != "archive"]
        raise ScriptError(
            f"{script.path}:{step.line}: expected a file that the bot wrote"
            f" ({', '.join(ours) or 'it wrote none'}); not {step.name}"
        )
    return path.read_text(encoding="utf-8")


def _change_archive(group: Group, script: Script, step: Step) -> None:
    folder = group.archive_folder
    aside = folder.with_name("archive-aside")
    if step.what == "archive":
        here, there = (folder, aside) if step.text == "gone" else (aside, folder)
        if not here.exists():
            raise ScriptError(f"{script.path}:{step.line}: expected gone and back in turns")
        here.rename(there)
        return
    path = _below(folder, script, step)
    if step.what == "write":
        write(folder, step.name, step.text)
    elif path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()
    else:
        raise ScriptError(f"{script.path}:{step.line}: expected an archive file, not {step.name}")


def _judged(group: Group, played: Played, number: int | None, strict: bool) -> Played:
    """A step with the expectations that were not met; all that waited is over by now."""
    expected = played.step.expected
    if strict and not expected:
        expected = (Expectation(played.step.line, "沉默", ""),)
    if number is not None:
        played = replace(played, decisions=group.spoken[number].decisions)
    failures = (Failure(e, why) for e in expected if (why := _unmet(e, played)))
    return replace(played, failures=(*played.failures, *failures))


def _unmet(expectation: Expectation, played: Played) -> str:
    """What happened instead of what was expected; empty when it was met."""
    words, reply, decisions = expectation.words, played.seen or played.reply, played.decisions
    first = decisions[0].reason if decisions else None
    last = str(decisions[-1].reason) if decisions else ""
    met = {
        "引用": lambda: words in _moments(decisions),
        "包含": lambda: words in reply,
        "不含": lambda: words not in reply,
        "回复": lambda: bool(reply) and (not words or words in _addressed(decisions)),
        "不确定": lambda: _is(first, Why.HEDGED, words),
        "让选": lambda: _is(first, Why.OFFERED, words),
        "没找到": lambda: _is(first, Why.NOT_FOUND, words),
        "沉默": lambda: not reply and words in last,
        "等待": lambda: _is(first, Why.HELD, words),
        "拒绝": lambda: _is(first, Why.REFUSED, words),
    }[expectation.kind]()
    if met:
        return ""
    if played.step.what == "see":
        return f"holds {played.seen[:300]!r}"
    if expectation.kind == "回复" and reply:
        return f"spoke to {'、'.join(_addressed(decisions)) or 'nobody by name'}"
    return happened(decisions)


def _is(reason: Reason | None, why: Why, words: str) -> bool:
    return reason is not None and reason.why is why and words in str(reason)


def _moments(decisions: tuple[Decision, ...]) -> set[str]:
    """The messages that the reply quotes, by citation and by moment."""
    found = cited(decisions)
    return {str(c) for c in found} | {f"{c.date} {c.time}" for c in found}


def _addressed(decisions: tuple[Decision, ...]) -> list[str]:
    """Whom the replies mention in the room, or go to privately."""
    sends = (s for d in decisions for s in d.sends)
    return [s.to.name for s in sends if s.mention or s.room is None]


def _group(script: Script, root: Path) -> Group:
    keys = script.keys

    def wrong(key: str, expected: str) -> ScriptError:
        return ScriptError(f"{script.path}: {key}: expected {expected}, not {keys[key]!r}")

    mode = keys.get("mode", "mention")
    if mode not in MODES:
        raise wrong("mode", f"one of {', '.join(MODES)}")
    archives = []
    for name in _names(keys.get("archive", "")):
        named = Path(name).expanduser()
        path = next((p for p in (script.path.parent / named, root / named) if p.exists()), None)
        if path is None:
            raise wrong("archive", "paths that are there")
        archives.append(path.resolve())
    rooms: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (p.strip() for p in keys.get("rooms", "").split(";"))):
        topic, sign, groups = part.partition("=")
        if not sign:
            raise wrong("rooms", "`topic = group, group; topic = group`")
        rooms[topic.strip()] = _names(groups)
    try:
        settings = _settings(keys)
        start = script.start
        loading = float(keys.get("loading", "0"))
    except ValueError as e:
        raise ScriptError(f"{script.path}: front matter: {e}") from e
    for key in ("live", "strict"):
        if keys.get(key, "off") not in ("on", "off"):
            raise wrong(key, "on or off")
    return Group(
        archives,
        settings=settings,
        rooms=rooms or None,
        files={s.name: s.text for s in script.steps[: _at_start(script)]},
        mode=mode,
        start=start,
        loading=loading,
    )


def _settings(keys: dict[str, str]) -> Settings:
    numbers = {k: float(keys[k]) for k in ("hedged", "asked", "overheard") if k in keys}
    speaking: dict[str, float] = {k: float(keys[k]) for k in ("cooldown", "settle") if k in keys}
    limits = {k: int(keys[k]) for k in ("person", "room") if k in keys}
    return replace(
        Settings(),
        **numbers,  # type: ignore[arg-type]
        speaking=replace(Speaking(), **speaking, **limits),  # type: ignore[arg-type]
        bots=tuple(contact(name).id for name in _names(keys.get("bots", ""))),
        private=tuple(group_name(name) for name in _names(keys.get("private", ""))),
        permalink=keys.get("permalink", ""),
        live=Path("live") if keys.get("live") == "on" else None,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())

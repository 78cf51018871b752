"""Carries out the commands that are given in a chat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import COMMANDS, Request, duration, help_for
from bot.memory import FRESH, place
from bot.record.record import Unanswered
from bot.reload import Reloader
from bot.reply import texts
from bot.settings import MODES
from bot.terms import Decision, Incoming, Room
from bot.tokens import tokens
from knowledge.language.display import shown
from knowledge.language.names import SOMEBODY
from knowledge.matching.match import Match
from knowledge.model import Citation
from knowledge.store import forget
from knowledge.store.read import Store

if TYPE_CHECKING:
    from bot.core import PalouCore

log = logging.getLogger("palou")

_LISTED = 10
_FOUND_BY = {"synonym": "按同义词", "sound": "按读音", "meaning": "按意思"}


def _found_by(match: Match) -> str:
    """How a match was found, if not by the words as they stand."""
    if match.by == "words":
        return ""
    return f"（{'：'.join(filter(None, (_FOUND_BY[match.by], match.read_as)))}）"


DESK_LINK_SECONDS = 900
"""How long a link to the desk can be followed."""


class Admin:
    """The commands of one bot; each handler returns what to say."""

    def __init__(self, core: PalouCore, database: Path, reloader: Reloader) -> None:
        self._core = core
        self._database = database
        self._reloader = reloader
        self._asked_by: list[Incoming] = []
        self._again = False
        self._listed: dict[str, list[Unanswered]] = {}
        self._began = core.clock()
        self._handlers: dict[str, Callable[[Incoming, Request, datetime], str]] = {
            "help": self._help,
            "forget-me": self._forget_me,
            "forget": self._forget,
            "reload": self._reload,
            "status": self._status,
            "mode": self._mode,
            "mute": self._mute,
            "unmute": self._unmute,
            "threshold": self._threshold,
            "unanswered": self._unanswered,
            "answer": self._answer,
            "desk": self._desk,
            "why": self._why,
        }

    def run(self, incoming: Incoming, request: Request, now: datetime) -> tuple[str, str]:
        """Carry out a command: the reason for the log, and what to say (nothing: keep silent)."""
        if COMMANDS[request.name].admin and not self._is_admin(incoming):
            log.warning("refused /%s by %s", request.name, incoming.sender.id)
            before = self._core.memory.refused.get(incoming.sender.id)
            self._core.memory.refused[incoming.sender.id] = now
            again = before is not None and now - before < FRESH
            return "refused: not an admin", "" if again else texts.REFUSED
        return f"command: /{request.name}", self._handlers[request.name](incoming, request, now)

    def _is_admin(self, incoming: Incoming) -> bool:
        return incoming.sender.id in self._core.settings.admins

    def due(self, now: datetime) -> list[Decision]:
        """What a load that has ended has to say to whoever asked for it."""
        done = self._reloader.ended()
        if done is None:
            return []
        # What could not be written while another load held the lock, this one did not see.
        self._again |= bool(self._core.record.wishes)
        self._core.record.flush()
        trouble = "" if done.failed else self._core.answering.refresh()
        asked_by, self._asked_by = self._asked_by, []
        if self._again:
            self._again = False
            self._reloader.start()
        said = done.report if not done.failed else f"没有读成，仍用原来的知识：{done.report}"
        if trouble:
            said += f"\n同义词没有读成，仍用原来的：{trouble}"
        reason = "reload: failed" if done.failed else "reload: done"
        log.info("%s: %s", reason, done.report)
        return [Decision(i, reason, self._core.sends(i, said)) for i in asked_by]

    def close(self) -> None:
        """End a load that is under way."""
        self._reloader.stop()

    def masked(self, group: str, name: str, text: str) -> tuple[str, str]:
        """Who is to be archived as having said what, by what members want forgotten."""
        forgotten = self._core.answering.forgotten
        return forgotten.masked(group, "", name, text) if forgotten else (name, text)

    def _help(self, incoming: Incoming, request: Request, now: datetime) -> str:
        return "\n".join([texts.HELP, *help_for(self._is_admin(incoming))])

    def _reload(self, incoming: Incoming, request: Request, now: datetime) -> str:
        if self._reloader.running:
            return "已经在读了，读完会说。"
        self._asked_by.append(incoming)
        self._reloader.start()
        return "开始重新读入归档，期间照常回答。"

    def _load_soon(self) -> None:
        """Load as soon as possible: now, or when the load that is under way has ended."""
        if self._reloader.running:
            self._again = True
        else:
            self._reloader.start()

    def _status(self, incoming: Incoming, request: Request, now: datetime) -> str:
        core = self._core
        store = Store(core.answering.conn)
        stats = store.stats()
        midnight = datetime.combine(now.date(), time(), now.tzinfo)
        counts = core.record.counts(midnight)
        lines = [
            f"{s.group}：{s.messages} 条消息，{s.exchanges} 组问答，{s.first} 至 {s.last}"
            for s in stats
        ]
        if incoming.room:
            rules = core.rooms.rules(incoming.room)
            lines.append(
                f"本群：模式 {rules.mode}，门槛 {rules.asked:.2f} / {rules.overheard:.2f}，"
                f"归档 {'、'.join(rules.groups)}"
            )
            if rules.muted_until and rules.muted_until > now:
                lines.append(f"静音到 {rules.muted_until.astimezone(now.tzinfo):%m-%d %H:%M}")
        lines.append(
            f"今天：答了 {counts.get('answered', 0)}，没找到 {counts.get('not found', 0)}，"
            f"旁听未出声 {counts.get('silent', 0)}，防刷丢弃 {core.flood.dropped}"
        )
        hours = (now - self._began).total_seconds() / 3600
        lines.append(
            f"已运行 {hours:.1f} 小时" + ("，正在读归档" if self._reloader.running else "")
        )
        return "\n".join(lines)

    def _room(self, incoming: Incoming, words: list[str]) -> Room | None:
        """The room that a command is about: the one it was given in, or the one it names last."""
        if incoming.room:
            return incoming.room
        found = self._core.rooms.named(words[-1]) if words else None
        if found:
            words.pop()
        return found

    def _mode(self, incoming: Incoming, request: Request, now: datetime) -> str:
        words = request.words
        room = self._room(incoming, words)
        if room is None:
            return texts.IN_ROOM_ONLY
        if not words:
            return f"现在是 {self._core.rooms.rules(room).mode}。用法：{COMMANDS['mode'].usage}"
        if words[0] not in MODES:
            return f"没有这种模式。用法：{COMMANDS['mode'].usage}"
        state = self._core.rooms.state(room.id)
        self._core.rooms.set_state(room.id, replace(state, mode=words[0]))
        return f"好，模式改为 {words[0]}。"

    def _mute(self, incoming: Incoming, request: Request, now: datetime) -> str:
        words = request.words
        room = self._room(incoming, words)
        if room is None:
            return texts.IN_ROOM_ONLY
        length = duration(words[0]) if words else timedelta(hours=1)
        if length is None:
            return f"看不懂时长。用法：{COMMANDS['mute'].usage}"
        until = now + length
        state = self._core.rooms.state(room.id)
        self._core.rooms.set_state(room.id, replace(state, muted_until=until))
        return texts.MUTED.format(until=f"{until:%m-%d %H:%M}")

    def _unmute(self, incoming: Incoming, request: Request, now: datetime) -> str:
        room = self._room(incoming, request.words)
        if room is None:
            return texts.IN_ROOM_ONLY
        state = self._core.rooms.state(room.id)
        self._core.rooms.set_state(room.id, replace(state, muted_until=None))
        return "好，取消静音。"

    def _threshold(self, incoming: Incoming, request: Request, now: datetime) -> str:
        words = request.words
        room = self._room(incoming, words)
        if room is None:
            return texts.IN_ROOM_ONLY
        rules = self._core.rooms.rules(room)
        if not words:
            return f"门槛：被问到 {rules.asked:.2f}，旁听 {rules.overheard:.2f}"
        which = words.pop(0) if words[0] in ("asked", "overheard") else "overheard"
        try:
            value = float(words[0])
        except (IndexError, ValueError):
            value = -1.0
        if not 0 <= value <= 1:
            return f"门槛是 0 到 1 的数。用法：{COMMANDS['threshold'].usage}"
        asked = value if which == "asked" else rules.asked
        overheard = value if which == "overheard" else rules.overheard
        if overheard < asked:
            return f"旁听的门槛（{overheard:.2f}）不能低于被问到的（{asked:.2f}）。"
        state = self._core.rooms.state(room.id)
        self._core.rooms.set_state(room.id, replace(state, asked=asked, overheard=overheard))
        return f"好，门槛：被问到 {asked:.2f}，旁听 {overheard:.2f}"

    def _unanswered(self, incoming: Incoming, request: Request, now: datetime) -> str:
        found = self._core.record.unanswered(_LISTED)
        self._listed[incoming.sender.id] = found
        if not found:
            return "没有没答上的问题。"
        lines = [f"{n}. {shown(q.text)[:60]}（{q.times} 次）" for n, q in enumerate(found, 1)]
        return "\n".join([*lines, f"用 {COMMANDS['answer'].usage} 来回答"])

    def _answer(self, incoming: Incoming, request: Request, now: datetime) -> str:
        number, _, answer = request.rest.partition(" ")
        listed = self._listed.get(incoming.sender.id, [])
        if not number.isdigit() or not 1 <= int(number) <= len(listed) or not answer.strip():
            return f"先发 /unanswered，再用 {COMMANDS['answer'].usage}"
        question = listed[int(number) - 1]
        room = Room(question.room, "")
        group = self._core.rooms.own_group(self._core.rooms.named(question.room) or room)
        self._core.write_answer(group, incoming, question.text, answer.strip(), now)
        self._load_soon()
        return f"记下了：{shown(question.text)[:40]}"

    def _forget(self, incoming: Incoming, request: Request, now: datetime) -> str:
        try:
            cited = Citation.parse(request.rest)
        except ValueError:
            return f"用法：{COMMANDS['forget'].usage}"
        store = Store(self._core.answering.conn)
        number = store.message_id(cited)
        message = store.messages([number]).get(number) if number is not None else None
        if message is None:
            return "没有这条消息。"
        if not self._is_admin(incoming) and not self._said(incoming, cited.group, message.speaker):
            return "只有管理员或说这句话的人能让它被忘掉。"
        rule = forget.Rule("message", cited.group, str(cited))
        self._forget_by([rule], incoming, now)
        return f"好，{cited} 已忘掉。"

    def _forget_me(self, incoming: Incoming, request: Request, now: datetime) -> str:
        words = request.rest.strip().lower() in ("all", "全部")
        names = self._core.record.names(incoming.sender.id) or []
        rules = [
            rule
            for room, name in names
            for group in self._core.rooms.groups(self._core.rooms.named(room) or Room(room, ""))
            if self._said(incoming, group, name)
            for rule in forget.about(self._core.answering.conn, group, name, words)
        ]
        self._core.record.forget_contact(incoming.sender.id)
        self._core.memory.forget(incoming.sender.id)
        self._forget_by(rules, incoming, now)
        if words:
            return "好，你说过的话和你的名字都从归档里去掉了。"
        return f"好，归档里你的名字改成了「{SOMEBODY}」。要连话一起删，发 /forget-me all"

    def _said(self, incoming: Incoming, group: str, name: str) -> bool:
        """Whether a name is the sender's own, and nobody else's who was seen speaking.

        Anybody can take another's nickname; then both are asked to turn to an admin.
        """
        own = {n for _, n in self._core.record.names(incoming.sender.id)}
        others = self._core.record.others_named(name, incoming.sender.id)
        return name in own and not others

    def _forget_by(self, rules: list[forget.Rule], incoming: Incoming, now: datetime) -> None:
        log.info("forgetting %d rules for %s", len(rules), incoming.sender.id)
        self._core.record.forget(rules, now, incoming.sender.id)
        self._core.answering.refresh()
        self._load_soon()

    def _desk(self, incoming: Incoming, request: Request, now: datetime) -> str:
        settings = self._core.settings
        if incoming.room:
            return texts.PRIVATELY_ONLY
        if not settings.base_url or not settings.web_token:
            return texts.NO_DESK
        until = int(now.timestamp()) + DESK_LINK_SECONDS
        sealed = tokens(settings.web_token).sealed("desk link", until)
        return f"{settings.base_url}/desk?k={sealed}"

    def _why(self, incoming: Incoming, request: Request, now: datetime) -> str:
        why = self._core.memory.why.get(place(incoming))
        if why is None:
            return "还没有做过决定。"
        lines = [f"「{shown(why.text)[:40]}」：{why.reason}（门槛 {why.threshold:.2f}）"]
        lines += (
            f"{m.confidence:.2f} {m.exchange.lead.citation} {shown(m.exchange.lead.text)[:30]}"
            + _found_by(m)
            for m in why.matches[:3]
        )
        return "\n".join(lines)

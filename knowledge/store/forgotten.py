"""Applies what members want forgotten to a message, be it stored, in a file, or said now."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from knowledge.language.kinds import may_name, mentions, quote, quoted_names
from knowledge.language.names import SOMEBODY, tidy
from knowledge.language.retelling import parts
from knowledge.model import Message
from knowledge.store.wishes import NOW, Rule, hashed, hashed_contact, hashed_question

_BLANKS = re.compile(r"\s+")
_MENTIONS = re.compile(r"^(?:@\S{1,60}\s++)++")
_BEGIN = 12  # characters by which quoted words are told; of a long message no more is quoted


class Forgotten:
    """Some rules, ready to be applied to messages; no load has applied those that are `waiting`.

    The moments are those of rules: NOW unless one is given. Whose id is one of `contacts`, hashed
    as rules have them, is known by it: he is meant by rules about that id, and by none about a name
    that he bears. Of all others the name is all that can be told.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        waiting: Iterable[Rule] = (),
        contacts: Collection[str] = frozenset(),
    ) -> None:
        self.contacts = contacts
        self._nameless = {rule.group for rule in waiting if rule.what == "nameless"}
        self._rules: dict[tuple[str, str, str], list[Rule]] = {}
        for rule in rules:
            self._rules.setdefault((rule.what, rule.group, rule.key), []).append(rule)
        self._hashes: dict[tuple[str, str], str] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self._heard: set[tuple[str, str, str]] = set()  # group, name and first words

    def __bool__(self) -> bool:
        return bool(self._rules)

    def message(self, group: str, citation: str) -> bool:
        """Whether a message is forgotten."""
        return ("message", group, citation) in self._rules

    def name(self, group: str, name: str, at: str = NOW) -> bool:
        """Whether a name is forgotten, as whose it is at a moment."""
        return self._reaches("name", group, self._hash(group, name), at)

    def words(self, group: str, name: str, at: str = NOW) -> bool:
        """Whether all that was said under a name at a moment is forgotten."""
        return self._reaches("words", group, self._hash(group, name), at)

    def _reaches(self, what: str, group: str, key: str, at: str) -> bool:
        return any(rule.reaches(at) for rule in self._rules.get((what, group, key), ()))

    def means(self, what: str, group: str, speaker: str, sender: str, at: str = NOW) -> bool:
        """Whether a rule about names or words means who says something, by his id or by his name.

        `sender` is empty where he has no id; one that is but his name tells no more than that.
        """
        key = self._contact(group, sender) if sender not in ("", speaker) else ""
        if key and self._reaches(what, group, key, at):
            return True
        named = key not in self.contacts
        return named and self._reaches(what, group, self._hash(group, speaker), at)

    def hear(self, group: str, citation: str, speaker: str, text: str, sender: str = "") -> None:
        """Take in a message before others that quote it: what is forgotten goes from those, too.

        Who quotes tells a name, which a namesake may bear, and no id.
        """
        at = _moment(group, citation)
        if self.message(group, citation) or self.means("words", group, speaker, sender, at):
            plain = quote(text)[1]
            heads = {_head(said) for said in (text, plain, _MENTIONS.sub("", plain))} - {""}
            self._heard |= {(group, tidy(speaker), head) for head in heads}

    def masked(
        self, group: str, citation: str, speaker: str, text: str, sender: str = ""
    ) -> tuple[str, str]:
        """A message's speaker and text, as far as they may be known; uncited: it is said now."""
        if self.message(group, citation) or (speaker == SOMEBODY and group in self._nameless):
            return SOMEBODY, ""
        at = _moment(group, citation)
        if self.means("words", group, speaker, sender, at):
            text = ""
        else:
            text = self._without_question(group, self.unnamed(group, text, at))
        return (SOMEBODY if self.means("name", group, speaker, sender, at) else speaker), text

    def said_by(self, group: str, contact: str, speaker: str, text: str) -> tuple[str, str]:
        """The same for a message that a contact says now, under whatever name."""
        key = hashed_contact(contact, group)
        speaker, text = self.masked(group, "", speaker, text)
        text = "" if self._reaches("words", group, key, NOW) else text
        return (SOMEBODY if self._reaches("name", group, key, NOW) else speaker), text

    def in_file(
        self, group: str, citation: str, speaker: str, text: str, sender: str = ""
    ) -> tuple[str, str]:
        """The same for a message as a file has it, and not as a load stored it.

        Where the file has no name of whoever said it, or is quoted, nobody knows whose words those
        are: all of them go when somebody wants his forgotten whose name went before.
        """
        if self._reaches("nameless", group, "", _moment(group, citation)):
            unnamed = without_quote(text, lambda quoted: quoted == SOMEBODY)
            text = "" if speaker == SOMEBODY else unnamed
        return self.masked(group, citation, speaker, text, sender)

    def is_gone(self, message: Message) -> bool:
        """Whether nothing that a message said may be known."""
        group, cited = message.citation.group, str(message.citation)
        at = _moment(group, cited)
        return self.message(group, cited) or self.means(
            "words", group, message.speaker, message.sender, at
        )

    def mask(self, message: Message) -> Message:
        """A message, as far as it may be known."""
        cited = message.citation
        speaker, text = self.masked(
            cited.group, str(cited), message.speaker, message.text, message.sender
        )
        return replace(message, speaker=speaker, text=text)

    def unnamed(self, group: str, text: str, at: str = NOW) -> str:
        """A text of a moment without the forgotten names that it mentions or quotes."""
        if not may_name(text):
            return text
        quoted, said = quote(text)
        if quoted and (group, tidy(quoted.name), _head(quoted.words)) in self._heard:
            text = said
        text = without_quote(text, lambda name: self.words(group, name, at))
        names = [*mentions(text), *quoted_names(text)]
        for name in sorted(set(names), key=len, reverse=True):
            if self.name(group, name, at):
                text = text.replace(name, SOMEBODY)
        return text

    def _without_question(self, group: str, text: str) -> str:
        """An answer without the question that it was archived with, if that is forgotten."""
        retold = parts(text)
        if retold and ("question", group, hashed_question(group, retold[0])) in self._rules:
            return retold[1]
        return text

    def _hash(self, group: str, name: str) -> str:
        key = group, name
        if key not in self._hashes:
            self._hashes[key] = hashed(group, name)
        return self._hashes[key]

    def _contact(self, group: str, sender: str) -> str:
        key = group, sender
        if key not in self._keys:
            self._keys[key] = hashed_contact(sender, group)
        return self._keys[key]


def without_quote(text: str, is_gone: Callable[[str], bool]) -> str:
    """A text without what it quotes of somebody whose words are gone, told by his name."""
    return quote(text)[1] if any(map(is_gone, quoted_names(text))) else text


def _head(text: str) -> str:
    return _BLANKS.sub("", text[: 4 * _BEGIN])[:_BEGIN]


def _moment(group: str, citation: str) -> str:
    """When a message was said, by its citation; NOW of one that has none yet."""
    if not citation:
        return NOW
    said = citation[len(group) + 1 :]  # 20240301-090300
    return f"{said[:4]}-{said[4:6]}-{said[6:8]}T{said[9:11]}:{said[11:13]}:{said[13:15]}"

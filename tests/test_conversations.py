"""The conversations that come with Palou: those in the docs pass, and all rules are in one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import speaking
from bot.commands import COMMANDS
from bot.harness import run
from bot.harness.script import EXPECTATIONS, parse

ROOT = Path(__file__).parent.parent
CONVERSATIONS = sorted((ROOT / "tests" / "conversations").glob("[!R]*.md"))


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "tests/conversations/README.md"])
def test_the_conversation_in_the_docs_passes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    example = re.search(r"^    ---\n(?:(?:    .*)?\n)+", text, re.MULTILINE)
    assert example is not None
    script = parse(re.sub("^    ", "", example[0], flags=re.MULTILINE), Path("chat.md"))
    result = run.run(script, ROOT)
    assert len(result.played) >= 2 and not result.failures


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_whatever_is_said_has_a_key_of_its_own(path: Path) -> None:
    """Of two messages with one key, an outbox takes the second for the first and drops it."""
    played = run.run(parse(path.read_text(encoding="utf-8"), path), ROOT).played
    # A decision may be seen twice: by the step that waited for it, and by the one it answers.
    sent = {id(s): s.key for step in played for d in step.decisions for s in d.sends}
    assert len(set(sent.values())) == len(sent)


RULES = {
    speaking.own_message: "own message",
    speaking.another_bot: "another bot",
    speaking.seen_before: "seen before",
    speaking.nothing_said: "nothing said",
    speaking.mode_off: "mode off",
    speaking.muted: "muted until",
    speaking.flood_person: "flood, this person",
    speaking.flood_room: "flood, this room",
    speaking.only_when_mentioned: "not mentioned",
    speaking.not_a_question: "not a question",
    speaking.put_to_somebody: "put to somebody else",
    speaking.too_short: "too short to stand by itself",
    speaking.cooldown: "cooldown",
}


def test_conversations_cover_every_rule_and_every_command() -> None:
    files = sorted((ROOT / "tests" / "conversations").glob("*.md"))
    text = "\n".join(p.read_text(encoding="utf-8") for p in files if p.name != "README.md")
    rules = {*speaking.BEFORE_ALL, *speaking.BEFORE_TALK, *speaking.BEFORE_OVERHEARD}
    assert {*rules, *speaking.OVERHEARD} - {speaking.not_to_be_answered} == set(RULES)
    for reason in (
        *RULES.values(),
        "below threshold",
        "answer unsure",
        "no question archived",
        "several questions may be meant",
        "a person answered",
    ):
        assert re.search(rf"^palou: 沉默 \(.*{reason}.*\)$", text, re.MULTILINE), reason
    for name in COMMANDS:
        assert re.search(rf"^(?:admin )?/{name}(?: |$)", text, re.MULTILINE), name
    for kind in EXPECTATIONS:
        assert f"palou: {kind}" in text

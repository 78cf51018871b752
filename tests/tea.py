"""A small group for tests of commands: two rooms in the settings, one that only the chat knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.decision import Decision
from bot.harness.group import ROOM, Group, room
from bot.settings import Settings
from bot.terms import Contact
from tests.chats import ASKED, day
from tests.group import said
from tests.test_load import content

BOOKS = "账务群"
CLUB = "茶友群"
"""A room that no settings name."""

QUESTION = ASKED[0][2]
ZHOU = ASKED[1][1]
UNKNOWN = "请问紫砂壶开壶要煮几个小时？"


def elsewhere(at: str) -> str:
    """A day of another group, where Zhou speaks too."""
    asked = "请问日终报表谁来核对？"
    return day("2024-03-01", [(f"{at}:00", "何小满", asked), (f"{at}:40", ZHOU, "值班的人核对")])


FILES = {
    "tea/2024-03-01.md": day("2024-03-01", ASKED),
    "books/2024-03-01.md": elsewhere("10:00"),
    f"{CLUB}/2024-03-01.md": elsewhere("11:00"),
    f"{room(CLUB).id}/2024-03-01.md": elsewhere("12:00"),
}
ROOMS = {ROOM: ("tea",), BOOKS: ("books", "tea")}

DAY = timedelta(days=1).total_seconds()
WEEK = 8 * DAY
MESSAGE = "tea-20240301-090300"
"""What Zhou said first."""

Make = Callable[..., Group]
"""Makes a group that is closed when the test has ended."""


def tea_group(settings: Settings | None = None, **options: object) -> Group:
    """A group with the four small archives; options are the harness's."""
    return Group(files=FILES, rooms=ROOMS, settings=settings, **options)  # type: ignore[arg-type]


def command(group: Group, text: str, room: str | None = ROOM) -> str:
    """An admin gives a command; what the bot says."""
    return said(group.admin(text, room=room))


def archived(group: Group, of: str) -> list[tuple[str, str]]:
    """Who is archived as having said what in a group."""
    rows = content(group.settings.database)["messages"]
    return [(str(row[4]), str(row[5])) for row in rows if row[0] == of]


def names(group: Group, of: str) -> set[str]:
    """Who is archived as having said anything in a group."""
    return {name for name, _ in archived(group, of)}


def words(group: Group, of: str = "tea") -> set[str]:
    """What is archived as having been said in a group."""
    return {text for _, text in archived(group, of)}


def as_another(group: Group, who: Contact, text: str) -> Decision:
    """Somebody says something whose contact id is another than the harness would give him."""
    incoming = group.say("何小满", "……").incoming
    changed = replace(incoming, id=f"{incoming.id}-{who.id}-{text}", sender=who, text=text)
    return group.core.receive(replace(changed, sent_at=group.clock.now))

"""Which groups a request may see: those open to anybody, and those whose tokens it brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.settings import Settings
from bot.tokens import tokens
from knowledge.model import Citation

_MOST = 16


@dataclass(frozen=True, slots=True)
class Access:
    """What a request may see, and how to link to more of it.

    `groups` are those of the archive that it may see; `given` the tokens that opened some of them.
    """

    settings: Settings
    groups: tuple[str, ...]
    given: tuple[str, ...]

    def may(self, group: str) -> bool:
        """Whether it may see a group, archived or not."""
        return group in self.groups or not self.settings.is_closed(group)

    def url(self, path: str, **arguments: str | int | None) -> str:
        """A link to a page, with what opens it."""
        pairs = [(k, str(v)) for k, v in arguments.items() if v not in (None, "")]
        pairs += [("t", token) for token in self.given]
        return self.settings.prefix + path + ("?" + urlencode(pairs) if pairs else "")

    def message(self, citation: Citation, told: str = "", **arguments: str | int | None) -> str:
        """A link to the page of a message; `told` is the tail that a reply's link had."""
        return self.url(f"/m/{quote(str(citation), safe='')}{told}", **arguments)

    def day(self, group: str, date: str, **arguments: str | int | None) -> str:
        """A link to a day."""
        return self.url(f"/day/{quote(group, safe='')}/{date}", **arguments)

    def person(self, group: str, name: str, **arguments: str | int | None) -> str:
        """A link to what somebody asked and answered."""
        return self.url(f"/people/{quote(group, safe='')}/{quote(name, safe='')}", **arguments)

    def table(self, name: str) -> str:
        """A link to a table's page."""
        pairs = [("_t", token) for token in self.given]
        return f"{self.settings.prefix}/archive/{name}" + ("?" + urlencode(pairs) if pairs else "")


def access(settings: Settings, groups: Iterable[str], brought: Iterable[str]) -> Access:
    """What is opened by the tokens that a request brought, true ones or not."""
    groups = tuple(groups)
    keys: Mapping[str, str] = {}
    if settings.web_token:
        keys = {tokens(settings.web_token).group(g): g for g in groups if settings.is_closed(g)}
    # Tokens are as long as a hash: looking them up tells nobody how much of one was right.
    given = tuple(dict.fromkeys(t for t in list(brought)[:_MOST] if t in keys))
    opened = {keys[t] for t in given}
    return Access(
        settings,
        tuple(g for g in groups if g in opened or not settings.is_closed(g)),
        given,
    )

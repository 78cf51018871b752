"""What is typed into the search box: a question, words, or something that has a page of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.web.site import Arguments
from knowledge.model import Citation

ASKED = 1_000
"""Characters of a question that are read."""

OF_SEARCH = ("q", "in", "order", "group", "month", "speaker", "page")
"""The arguments that a search consists of; a page that it leads to hands them on, to lead back."""

GLUED = " \t\r\n/。，、；：！？…）)】」』》>”’\"'.,;:!?]"
"""What a chat, or a hand that copies, takes to belong to a citation or a link before it."""

_FILTER = re.compile(r"(?:^|(?<=\s))(?P<name>发言人|群)[:：]\s?(?P<value>[^\s]+)")
_CITED = re.compile(r"\S+?-\d{8}-\d{6}(?:\.[1-9]\d{0,4})?(?!\d)")
_LINK = re.compile(r"https?://\S+/m/(?P<cited>[^\s?#/]+)\S*")
_TAIL = re.compile(r"\+.*", re.DOTALL)  # what a reply's link says to show with a message
_DATE = re.compile(
    r"(?P<y>20\d\d)(?:[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})|(?P<m2>\d\d)(?P<d2>\d\d)"
    r"|年(?P<m3>\d{1,2})月(?P<d3>\d{1,2})[日号]?)"
)
_LEAD = re.compile(r"^(?:原文|出处)\s*[:：]\s*")
_PHRASE = re.compile(r'["“”](?P<phrase>[^"“”]+)["“”]|(?P<word>[^\s"“”]+)')


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought: `text` without the filters in it, its words, and what narrows it down."""

    text: str
    words: tuple[str, ...]
    speaker: str = ""
    group: str = ""


def read(q: str) -> Sought:
    """Take a query apart: `备付金 限额 发言人:老秦 群:paytalk`."""
    said = " ".join(q.split())[:ASKED]
    named = {m["name"]: m["value"] for m in _FILTER.finditer(said)}
    text = " ".join(_FILTER.sub(" ", said).split())
    words = tuple(dict.fromkeys(m["phrase"] or m["word"] for m in _PHRASE.finditer(text)))
    return Sought(text, words, named.get("发言人", ""), named.get("群", ""))


def search_of(arguments: Arguments) -> dict[str, str]:
    """The search that a request is, or came from; empty: none."""
    given = {name: (arguments.get(name) or "")[:ASKED] for name in OF_SEARCH}
    return {name: value for name, value in given.items() if value}


def cited(text: str) -> Citation | None:
    """The citation that a text is, or a link to its page, if it is one and nothing else."""
    bare = _LEAD.sub("", text.strip())
    if link := _LINK.fullmatch(bare):
        bare = _TAIL.sub("", unquote(link["cited"]))
    m = _CITED.fullmatch(bare.rstrip(GLUED))
    if m is None:
        return None
    try:
        return Citation.parse(m[0])
    except ValueError:
        return None


def dated(text: str) -> str:
    """The date that a text is, in ISO; empty when it is none."""
    m = _DATE.fullmatch(text.strip())
    if m is None:
        return ""
    month, day = m["m1"] or m["m2"] or m["m3"], m["d1"] or m["d2"] or m["d3"]
    return f"{m['y']}-{int(month):02}-{int(day):02}"

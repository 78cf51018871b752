"""How well questions of IRC logs are linked with their answers, against links made by hand.

    python -m tests.bench.irc FOLDER

FOLDER has logs with links in the form of jkkummerfeld/irc-disentanglement. The logs are read
without the links, each for itself. Counted are answers to lines that ask, by others that do not
ask, among lines with a link: `found` of them are cited, and of what is cited so much is `right`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from knowledge.archive.bundles import Folder
from knowledge.archive.formats.irc_annotated import AnnotatedIrcReader
from knowledge.archive.merging import merged
from knowledge.archive.reading import ReadMessage
from knowledge.archive.replies import resolved
from knowledge.language.kinds import read
from knowledge.linking.exchanges import build
from knowledge.linking.network import Network
from knowledge.linking.people import people_of
from knowledge.model import Citation, Message


class Links(NamedTuple):
    """Links that people made, that were cited, and that are both; between questions and answers."""

    made: int
    cited: int
    both: int

    @property
    def found(self) -> float:
        """The share of people's links that is cited."""
        return self.both / max(1, self.made)

    @property
    def right(self) -> float:
        """The share of what is cited that people linked."""
        return self.both / max(1, self.cited)


def measure(folder: Path, *, names: bool = True) -> Links:
    """Count the links of all logs; without `names`, nicks at the heads of lines are mere words."""
    made = cited = both = 0
    messages = AnnotatedIrcReader().read_bundle(Folder(folder)).messages
    for log in sorted({m.id.partition(":")[0] for m in messages}):
        mine = [m for m in messages if m.id.startswith(f"{log}:") and m.kind != "system"]
        links = by_hand(mine)
        linked = {x for link in links for x in link}
        found = {link for link in by_palou(mine, names=names) if linked.issuperset(link)}
        made, cited, both = made + len(links), cited + len(found), both + len(links & found)
    return Links(made, cited, both)


def by_hand(log: Sequence[ReadMessage]) -> set[tuple[str, str]]:
    """The ids of each question and answer that people linked."""
    asks = [_asks(m) for m in log]
    return {
        (log[to].id, m.id)
        for k, (m, to) in enumerate(zip(log, resolved(log), strict=True))
        if to is not None and asks[to] and not asks[k] and m.speaker != log[to].speaker
    }


def by_palou(log: Sequence[ReadMessage], *, names: bool) -> set[tuple[str, str]]:
    """The ids of each question and answer that the exchanges cite, without those links."""
    unlinked = [replace(m, id="", reply=None) for m in log]
    day: list[Message] = []
    addressed: dict[Citation, int] = {}
    for _, m, n in merged([(0, unlinked)]):
        cited = Citation("irc", m.date, m.time, n)
        day.append(Message(cited, m.speaker, m.text))
        if names and m.addressed:
            addressed[cited] = m.addressed
    read_as = {m.citation: source for m, source in zip(day, log, strict=True)}
    return {
        (read_as[e.lead.citation].id, read_as[a.message.citation].id)
        for e in build(day, [], [], people_of([day]), Network(addressed=addressed))
        for a in e.answers
        if _asks(read_as[e.lead.citation])
    }


def _asks(message: ReadMessage) -> bool:
    return read(message.text).asks >= 2


def main() -> None:
    """Print the figures, with and without nicks at the heads of lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for names in (True, False):
        links = measure(folder, names=names)
        how = "with" if names else "without"
        print(
            f"{how} nicks: {links.made} made, {links.cited} cited,"
            f" found {links.found:.3f}, right {links.right:.3f}"
        )


if __name__ == "__main__":
    main()

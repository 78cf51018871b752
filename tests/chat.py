"""Writes invented chats for tests: `12:00:05 speaker: text`, a line each."""

from knowledge.model import Citation, Message


def chat(lines: str, date: str = "2024-03-01", group: str = "paytalk") -> list[Message]:
    """Read lines into messages; several of one second are counted."""
    seen: dict[str, int] = {}
    out = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        time, rest = line.split(" ", 1)
        speaker, text = rest.split(": ", 1)
        n = seen.get(time, 0)
        seen[time] = n + 1
        out.append(Message(Citation(group, date, time, n), speaker, text))
    return out

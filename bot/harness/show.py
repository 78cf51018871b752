"""Shows a conversation that was played as a chat, with what was expected in place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from bot.harness.run import Played, Result
from knowledge.language.display import shown

_CANDIDATES = 3


def as_chat(result: Result) -> str:
    """The conversation with its failures: expected, said, reason, confidence, candidates."""
    return "\n".join(line for played in result.played for line in _lines(played))


def failures_as_chat(result: Result, around: int = 2) -> str:
    """The same, as far as it stands near to a failure."""
    failed = [n for n, p in enumerate(result.played) if p.failures]
    near = sorted({m for n in failed for m in range(max(0, n - around), n + 1)})
    lines: list[str] = []
    before = -1
    for n in near:
        if n > before + 1:
            lines.append("  …")
        lines += _lines(result.played[n])
        before = n
    return "\n".join(lines)


def _lines(played: Played) -> Iterator[str]:
    step = played.step
    if step.what == "say":
        where = step.room or "privately"
        yield f"  {played.at:%H:%M:%S} [{where}] {step.who}: {shown(step.text) or step.text}"
    else:
        yield f"  {played.at:%H:%M:%S} -- {step.what} {step.name or step.text[:40]}".rstrip()
    for line in played.reply.splitlines():
        yield f"             palou | {line}"
    if not played.reply and played.decisions:
        yield f"             palou | ({played.decisions[-1].reason})"
    for failure in played.failures:
        yield f"E line {failure.expectation.line}: expected {failure.expectation}"
        yield f"E   but it {failure.happened}"
    if played.failures and played.decisions and played.decisions[-1].matches:
        yield f"E   candidates (threshold {played.decisions[-1].threshold:.2f}):"
        for match in played.decisions[-1].matches[:_CANDIDATES]:
            lead = match.exchange.lead
            yield f"E     {match.confidence:.2f} {lead.citation} {shown(lead.text)[:40]}"


def junit(results: Iterable[Result], errors: dict[str, str]) -> str:
    """The results as JUnit XML; `errors` are files that could not be read, with the message."""
    suite = ET.Element("testsuite", name="palou test")
    for result in results:
        case = ET.SubElement(suite, "testcase", name=str(result.script.path), classname="palou")
        if result.failures:
            text = failures_as_chat(result)
            ET.SubElement(case, "failure", message=f"{len(result.failures)} failed").text = _xml(
                text
            )
    for path, message in errors.items():
        case = ET.SubElement(suite, "testcase", name=path, classname="palou")
        ET.SubElement(case, "error", message=_xml(message))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("*/failure"))))
    suite.set("errors", str(len(errors)))
    return ET.tostring(suite, encoding="unicode")


def _xml(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or c >= " ")

"""`/desk/label`: judge replies one after the other, for thresholds that hold in this archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bot.record import labels
from bot.reports.evaluate import Labelled, QuestionsError, read_questions
from bot.reports.judging import JUDGEMENTS, WANTED, Shown, questions, shown
from bot.web.site import Arguments, Site, WebPage
from knowledge.errors import PalouError
from knowledge.language import display
from knowledge.store import outputs

FILE = "labels.jsonl"
"""The labels' file, in the folder of evaluations, and the last part of its address."""

SHOWS, ACTS = "label", ("judge", "unjudge")
"""The last part of the page's address, and of those that its forms are sent to."""

_TRIES = 20  # questions that are passed over at once, to which nothing is found
_SKIPPED = 5_000  # that may be, in all
_NAMES = {"right": "对", "half": "一半", "wrong": "错", "silent": "该沉默"}
_SAID = {
    "gone": "没有记下：这个问题已经不在了。",
    "changed": "没有记下：归档变了，回答也变了，请再看一次。",
    "fixed": "没有记下：这里的数据库是只读的。",
    "unwritten": "没有记下：现在写不进硬盘，请稍后再试。",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be judged next: so many questions are skipped; `judged` None: nothing is left."""

    skipped: int
    judged: Shown | None


def file_of(site: Site) -> Path:
    """Where the labels are kept."""
    return site.settings.evaluation / FILE


async def turn(site: Site, arguments: Arguments) -> Turn:
    """The next question with a reply to judge, behind those that are skipped."""
    skipped = _number(arguments.get("skip") or "")
    waiting = await site.read(lambda: _left(site, skipped + _TRIES))
    for place, question in enumerate(waiting[skipped:], skipped):
        if judged := await _judged(site, question):
            return Turn(place, judged)
    return Turn(0, None)


async def posted_again(site: Site, posted: Mapping[str, str]) -> Shown | None:
    """What there is to judge of a posted question now; None: it is gone, or judged."""
    question, skipped = posted.get("question", ""), _number(posted.get("skip", ""))
    left = await site.read(lambda: _left(site, skipped + _TRIES))
    return await _judged(site, question) if question in left else None


async def _judged(site: Site, question: str) -> Shown | None:
    """What is to be judged of a question, asked as `palou tune` asks it: of all groups."""
    return shown(question, await site.nearest(question, None), site.settings.permalink_to)


def page(site: Site, asked: Turn, arguments: Arguments, form: str, desk: str) -> WebPage:
    """The page with a question, and a button for each judgement."""
    try:
        done = _done(site)
    except PalouError as e:
        return site.note(500, "标注文件读不了", str(e), desk)
    judged, before = asked.judged, done[-1] if done else None
    said = _SAID.get(arguments.get("said") or "", "")
    return site.page(
        "label.html",
        form=form,
        said=said,
        judged=judged,
        question=judged and display.shown(judged.question),
        cited=judged and _cited(judged),
        sure=judged and f"{judged.best.confidence:.2f}",
        skipped=asked.skipped,
        next=f"{desk}/{SHOWS}?{urlencode({'skip': asked.skipped + 1})}",
        first=f"{desk}/{SHOWS}",
        done=len(done),
        wanted=WANTED,
        counts=[(_NAMES[j], sum(x.label == j for x in done)) for j in JUDGEMENTS],
        buttons=[(j, _NAMES[j]) for j in JUDGEMENTS],
        before=before,
        before_text=before and display.shown(before.question),
        before_label=before and _NAMES.get(before.label, before.label),
        file=file_of(site),
        name=FILE,
        desk=desk,
    )


def download(site: Site, desk: str) -> WebPage:
    """The file as it is."""
    try:
        text = file_of(site).read_text("utf-8")
    except (OSError, UnicodeError):
        return site.note(404, "还没有标注", "先判几个，再下载。", desk)
    headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
    return WebPage(text, 200, headers, "application/x-ndjson; charset=utf-8")


def act(
    site: Site, what: str, posted: Mapping[str, str], judged: Shown | None, desk: str
) -> WebPage:
    """Do what a button says, and go on; `judged` is what there is to judge of its question now."""
    said, skipped = _kept(site, what, posted, judged), _number(posted.get("skip", ""))
    query = urlencode({k: v for k, v in (("skip", skipped), ("said", said)) if v})
    return WebPage("", 303, {"Location": f"{desk}/{SHOWS}" + (f"?{query}" if query else "")})


def _kept(site: Site, what: str, posted: Mapping[str, str], judged: Shown | None) -> str:
    """What came of a button, a key of `_SAID`; empty: it is done."""
    question, judgement = posted.get("question", ""), posted.get("label", "")
    if site.immutable:
        return "fixed"
    file = file_of(site)
    try:
        if what == "unjudge":
            labels.drop(file, {question})
            return ""
        if any(each.question == question for each in _done(site)):
            return ""  # the button was pressed twice
        if judged is None or judgement not in JUDGEMENTS:
            return "gone"
        if _cited(judged) != posted.get("cited"):
            return "changed"
        file.parent.mkdir(parents=True, exist_ok=True)
        outputs.note(site.database, file, outputs.LABELS)
        labels.add(file, judged.label(judgement))
    except (OSError, UnicodeError, PalouError):
        return "unwritten"
    return ""


def _cited(judged: Shown) -> str:
    return str(judged.best.told.lead.citation)


def _done(site: Site) -> list[Labelled]:
    """The labels that are kept; QuestionsError: the file is none of labels."""
    file = file_of(site)
    if not file.exists() or not file.read_bytes().strip():
        return []
    return read_questions(file)


def _left(site: Site, most: int) -> list[str]:
    """What is not judged yet, so many questions and some more.

    Of a group of which something is still to be taken out nothing is, until that is done.
    """
    try:
        done = {each.question for each in _done(site)}
    except QuestionsError:
        return []
    count = len(done) + most
    groups = [g for g in site.archive.groups if g not in site.archive.pending()]
    archived = count if groups else 0
    found = questions(site.record.asked(count), site.archive.conn, groups, archived)
    return [q for q in found if q not in done]


def _number(given: str) -> int:
    return min(int(given), _SKIPPED) if given.isdecimal() and len(given) < 6 else 0

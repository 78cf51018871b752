"""The report of a replay: one HTML page to read, and to label what would have been said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.harness.days import Said
from bot.harness.replay import Moment, Replayed
from bot.reply import texts
from bot.reports.page import escape, figure_row, linked, page
from bot.reports.words import ZH, Words
from knowledge.language.display import shown

Link = Callable[[str], str]

_WORDS = 60  # characters of a message in a line of its own


def replay_page(done: Replayed, words: Words = ZH, link: Link = lambda citation: "") -> str:
    """The page, with what it was least sure of first; `link` is where a citation leads.

    Labels are kept in the browser, and downloaded as what `palou eval` reads.
    """
    spoke = sorted((m for m in done.moments if m.spoke), key=lambda m: m.confidence)
    kept = [m for m in done.moments if not m.spoke]
    title = words.replayed.format(done.group, done.first, done.last)
    body = [
        "<header>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="dim">{words.knew.format(done.messages, escape(done.mode), done.known)}</p>',
        _figures(done, len(spoke), words),
        "</header>",
        *([f"<h2>{words.spoken}</h2>", _bar(words)] if spoke else [f"<p>{words.silent}</p>"]),
        '<div id="moments">',
        *(_moment(number, m, words, link) for number, m in enumerate(spoke)),
        "</div>",
    ]
    for heading, note, some in (
        (words.near, words.near_note, done.near),
        (words.kept, words.kept_note, kept),
    ):
        if some:
            body += [f"<h2>{heading}</h2>", f'<p class="dim">{note}</p>']
            body += [_silent(m, words, link, not spoke and m is some[0]) for m in some]
    body += [f"<h2>{words.decisions}</h2>", _reasons(done, words)]
    return page(
        title,
        "\n".join(body),
        language=words.language,
        style=_STYLE,
        script=_SCRIPT if spoke else "",
        data=_data(done, spoke, words),
    )


def _data(done: Replayed, spoke: Sequence[Moment], words: Words) -> dict[str, object]:
    """What the script reads: the questions, and what it says of how many are labelled."""
    return {
        "key": f"palou {done.group}, {done.first} to {done.last} {done.mode}",
        "file": f"labels-{done.group}-{done.first}-{done.last}.jsonl",
        "labelled": words.labelled,
        "share": words.labelled_share,
        "questions": [
            {
                "asked": str(m.message.citation),
                "question": m.message.text,
                "answers": list(m.quotes),
                "confidence": round(m.confidence, 4),
            }
            for m in spoke
        ],
    }


def _figures(done: Replayed, spoke: int, words: Words) -> str:
    days = len({m.message.citation.date for m in done.moments if m.spoke})
    shares = {
        "spoke": f"{spoke:,}",
        "rate": f"{1000 * spoke / done.messages:.1f}",
        "days": f"{days:,}",
        "kept": f"{len(done.moments) - spoke:,}",
    }
    return figure_row((figure, words.figures[name]) for name, figure in shares.items())


def _line(message: Said, kind: str = "") -> str:
    text = shown(message.text) or message.text
    return (
        f'<p class="line {kind}"><span class="when">{message.citation.time[:5]}</span> '
        f"<b><bdi>{escape(shown(message.speaker))}</bdi></b> <bdi>{escape(text)}</bdi></p>"
    )


def _lines(messages: Sequence[Said], kind: str) -> str:
    return "".join(_line(m, kind) for m in messages)


def _reply(m: Moment) -> str:
    """What it said, or would have; where to read on is a link, if it is one in the chat."""
    place = texts.SOURCE.format("")

    def line(said: str) -> str:
        href = said.removeprefix(place) if said.startswith(f"{place}http") else ""
        return f"{place}{linked(href, href)}" if href else escape(said)

    return f'<div class="reply">{chr(10).join(map(line, m.replied.splitlines()))}</div>'


def _moment(number: int, m: Moment, words: Words, link: Link) -> str:
    cited = str(m.message.citation)
    data = f'data-number="{number}" data-at="{escape(cited)}"'
    return f"""<article class="card" id="m{number}" {data}>
<p class="dim top n"><a href="#m{number}">#{number + 1}</a> {m.message.citation.date}
<span>{words.sure.format(m.confidence)}</span> <code>{linked(cited, link(cited))}</code></p>
{_lines(m.before, "dim")}{_line(m.message, "asked")}
<div class="said"><span class="when">{m.at:%H:%M}</span> <b>{words.bot}</b>
{_reply(m)}</div>
{_lines(m.after, "dim")}
{_candidates(m, words, link)}
<p class="labels" role="group" aria-label="{words.label_of.format(number + 1)}">
<button type="button" data-label="welcome" aria-pressed="false">{words.welcome}</button>
<button type="button" data-label="unwelcome" aria-pressed="false">{words.unwelcome}</button></p>
</article>"""


def _candidates(m: Moment, words: Words, link: Link) -> str:
    rows = "".join(
        f'<tr><td class="n">{confidence:.0%}</td>'
        f'<td class="long"><bdi>{escape(shown(text)[:120])}</bdi><br>'
        f"<code>{linked(citation, link(citation))}</code></td></tr>"
        for confidence, citation, text in m.candidates
    )
    return f"<details><summary>{words.candidates}</summary><table>{rows}</table></details>"


def _silent(m: Moment, words: Words, link: Link, is_open: bool) -> str:
    """What it had to say and kept to itself, and why."""
    cited, why = str(m.message.citation), words.reason(m.reason)
    if m.reason.bound is None:
        why = f"{words.sure.format(m.confidence)} · {why}"
    return f"""<details class="card"{" open" if is_open else ""}><summary>
<span class="n">{m.message.citation.date} · {escape(why)}</span>
<bdi class="head">{escape(shown(m.message.text)[:_WORDS])}</bdi></summary>
<p class="dim top"><code>{linked(cited, link(cited))}</code></p>
{_line(m.message, "asked")}
<div class="said"><b>{words.bot}</b> <span class="dim">{words.would_have}</span>
{_reply(m)}</div>
{_lines(m.after, "dim")}
{_candidates(m, words, link)}</details>"""


def _reasons(done: Replayed, words: Words) -> str:
    rows = "".join(
        f'<tr><td class="n">{count:,}</td><td class="long">{escape(words.why(why))}</td></tr>'
        for why, count in done.reasons
    )
    return f'<table class="reasons">{rows}</table>'


def _bar(words: Words) -> str:
    return (
        '<div class="bar"><span id="count" aria-live="polite"></span> '
        f"{_select('show', words.show, words.shows)} {_select('order', words.order, words.orders)}"
        f' <button type="button" id="save">{words.save}</button></div>'
    )


def _select(name: str, label: str, options: Mapping[str, str]) -> str:
    choices = "".join(f'<option value="{v}">{said}</option>' for v, said in options.items())
    return f'<select id="{name}" aria-label="{label}">{choices}</select>'


_STYLE = """
.line { margin: .1rem 0; white-space: pre-line; } .line b, .said b { font-weight: 600; }
.asked { border-left: .25rem solid var(--accent); padding-left: .6rem; margin: .5rem 0; }
.when { font-variant-numeric: tabular-nums; font-size: .85em; color: var(--dim); }
.said { background: var(--answer); border-radius: .6rem; padding: .5rem .8rem; margin: .5rem 0; }
.reply { white-space: pre-wrap; } .top { font-size: .9rem; }
summary .n { font-size: .9rem; } .head { display: block; color: var(--ink); }
.reasons { width: auto; } .reasons td.n { padding-right: 1rem; }
.labels { display: flex; gap: .5rem; flex-wrap: wrap; margin-top: .6rem; }
.labels button { flex: 1 1 8rem; }
[aria-pressed=true][data-label=welcome] { background: var(--good); color: var(--ground); }
[aria-pressed=true][data-label=unwelcome] { background: var(--bad); color: var(--ground); }
.bar { position: sticky; top: 0; z-index: 1; display: flex; gap: .5rem; flex-wrap: wrap;
  align-items: center; background: var(--ground); padding: .5rem 0;
  border-bottom: 1px solid var(--line); }
.bar span { flex: 1 1 9rem; } article { scroll-margin-top: 4rem; }
"""

_SCRIPT = """
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const all = document.getElementById("moments");
const cards = [...all.querySelectorAll("article")];
let labels = {};
try { labels = JSON.parse(localStorage.getItem(data.key)) || {}; } catch (e) {}
const asked = card => data.questions[card.dataset.number].asked;
const filled = (said, values) => said.replace(/\\{(\\w+)\\}/g, (all, name) => values[name]);
function draw() {
  const wanted = document.getElementById("show").value;
  let welcome = 0, unwelcome = 0;
  for (const card of cards) {
    const label = labels[asked(card)] || "none";
    welcome += label === "welcome"; unwelcome += label === "unwelcome";
    for (const button of card.querySelectorAll("[data-label]"))
      button.setAttribute("aria-pressed", button.dataset.label === label);
    card.hidden = wanted !== "all" && wanted !== label;
  }
  const done = welcome + unwelcome;
  document.getElementById("count").textContent =
    filled(data.labelled, { done: done, of: cards.length }) +
    (done ? filled(data.share, { share: Math.round(100 * welcome / done) }) : "");
}
function sort() {
  const byTime = document.getElementById("order").value === "time";
  const key = card => byTime ? card.dataset.at : card.dataset.number.padStart(9, "0");
  all.append(...cards.sort((a, b) => key(a) < key(b) ? -1 : 1));
}
function save() {
  const lines = data.questions.filter(q => labels[q.asked] === "unwelcome" ||
    labels[q.asked] && q.answers.length).map(q => JSON.stringify({
    question: q.question, answers: labels[q.asked] === "welcome" ? q.answers : [],
    label: labels[q.asked], asked: q.asked, confidence: q.confidence }) + "\\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = data.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
document.addEventListener("click", event => {
  const button = event.target.closest("[data-label]");
  if (!button) return;
  const key = asked(button.closest("article")), label = button.dataset.label;
  if (labels[key] === label) delete labels[key]; else labels[key] = label;
  try { localStorage.setItem(data.key, JSON.stringify(labels)); } catch (e) {}
  draw();
});
document.getElementById("show").addEventListener("change", draw);
document.getElementById("order").addEventListener("change", sort);
document.getElementById("save").addEventListener("click", save);
draw();
"""

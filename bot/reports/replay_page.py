"""The report of a replay: one HTML page to read, and to label what would have been said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.harness.days import Said
from bot.harness.replay import Moment, Replayed
from bot.reports.page import escape, figure_row, page
from knowledge.language.display import shown


def replay_page(done: Replayed) -> str:
    """The page; labels are kept in the browser, and downloaded as what `palou eval` reads."""
    spoke = [m for m in done.moments if m.spoke]
    kept = [m for m in done.moments if not m.spoke]
    title = f"{done.group}, {done.first} to {done.last}"
    body = [
        "<header>",
        f"<h1>When Palou would have spoken: {escape(title)}</h1>",
        f'<p class="dim">{done.messages:,} messages, mode {escape(done.mode)}; '
        f"it knew {done.known:,} messages from before.</p>",
        _figures(done, len(spoke)),
        "</header>",
        _BAR if spoke else "<p>It would have kept silent all the time.</p>",
        *(_moment(number, m) for number, m in enumerate(spoke)),
    ]
    if kept:
        body += [
            "<h2>What it kept to itself</h2>",
            '<p class="dim">It was sure enough, but a rule spoke against it.</p>',
            *(_kept(m) for m in kept),
        ]
    body += ["<h2>All decisions</h2>", _reasons(done)]
    data = {
        "key": f"palou {title} {done.mode}",
        "file": f"labels-{done.group}-{done.first}-{done.last}.jsonl",
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
    return page(title, "\n".join(body), style=_STYLE, script=_SCRIPT, data=data)


def _figures(done: Replayed, spoke: int) -> str:
    days = len({m.message.citation.date for m in done.moments if m.spoke})
    shares = [
        (f"{spoke:,}", "times it would have spoken"),
        (f"{1000 * spoke / done.messages:.1f}", "times in 1,000 messages"),
        (f"{days:,}", "days with a reply"),
        (f"{len(done.moments) - spoke:,}", "times a rule kept it silent"),
    ]
    return figure_row(shares)


def _line(message: Said, kind: str = "") -> str:
    text = shown(message.text) or message.text
    return (
        f'<p class="line {kind}"><span class="when">{message.citation.time[:5]}</span> '
        f"<b>{escape(shown(message.speaker))}</b> {escape(text)}</p>"
    )


def _lines(messages: Sequence[Said], kind: str) -> str:
    return "".join(_line(m, kind) for m in messages)


def _moment(number: int, m: Moment) -> str:
    return f"""<article class="card" id="m{number}" data-number="{number}">
<p class="dim top"><a href="#m{number}">#{number + 1}</a> {m.message.citation.date}
<span>confidence {m.confidence:.2f}</span> <code>{escape(str(m.message.citation))}</code></p>
{_lines(m.before, "dim")}{_line(m.message, "asked")}
<div class="said"><span class="when">{m.at:%H:%M}</span> <b>Palou</b>
<div class="reply">{escape(m.replied)}</div></div>
{_lines(m.after, "dim")}
{_candidates(m)}
<p class="labels" role="group" aria-label="Label of #{number + 1}">
<button type="button" data-label="welcome" aria-pressed="false">👍 welcome</button>
<button type="button" data-label="unwelcome" aria-pressed="false">👎 unwelcome</button></p>
</article>"""


def _candidates(m: Moment) -> str:
    rows = "".join(
        f'<tr><td class="n">{confidence:.2f}</td><td><code>{escape(citation)}</code></td>'
        f'<td class="long">{escape(shown(text)[:120])}</td></tr>'
        for confidence, citation, text in m.candidates
    )
    return (
        "<details><summary>candidates</summary>"
        f'<div class="scroll"><table>{rows}</table></div></details>'
    )


def _kept(m: Moment) -> str:
    return f"""<details class="card"><summary>{m.message.citation.date}
{escape(m.reason.words)}: {escape(shown(m.message.text)[:60])}</summary>
{_line(m.message, "asked")}
{_lines(m.after, "dim")}
<div class="said"><b>Palou</b>, had it spoken (confidence {m.confidence:.2f})
<div class="reply">{escape(m.replied)}</div></div></details>"""


def _reasons(done: Replayed) -> str:
    rows = "".join(
        f'<tr><td class="n">{count:,}</td><td>{escape(reason)}</td></tr>'
        for reason, count in done.reasons
    )
    return f"<table>{rows}</table>"


_BAR = """<div class="bar"><span id="count" aria-live="polite"></span>
<select id="show" aria-label="Which to show"><option value="all">all</option>
<option value="none">not labelled</option><option>welcome</option><option>unwelcome</option>
</select> <button type="button" id="save">Download labels</button></div>"""

_STYLE = """
.line { margin: .1rem 0; white-space: pre-line; } .line b, .said b { font-weight: 600; }
.asked { border-left: .25rem solid var(--mark); padding-left: .6rem; margin: .5rem 0; }
.when { font-variant-numeric: tabular-nums; font-size: .85em; color: var(--dim); }
.said { background: var(--said); border-radius: .6rem; padding: .5rem .8rem; margin: .5rem 0; }
.reply { white-space: pre-wrap; } .top { font-size: .9rem; }
.top a { color: var(--mark); }
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
const cards = [...document.querySelectorAll("article")];
let labels = {};
try { labels = JSON.parse(localStorage.getItem(data.key)) || {}; } catch (e) {}
const asked = card => data.questions[card.dataset.number].asked;
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
  document.getElementById("count").textContent = `${done} of ${cards.length} labelled` +
    (done ? `, ${Math.round(100 * welcome / done)}% welcome` : "");
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
if (cards.length) {
  document.getElementById("show").addEventListener("change", draw);
  document.getElementById("save").addEventListener("click", save);
  draw();
}
"""

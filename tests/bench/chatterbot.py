"""Prints how ChatterBot 1.2.15 and Palou fare on the same questions, side by side.

    python -m venv cb && cb/bin/pip install chatterbot==1.2.15
    cb/bin/python -m tests.bench.chatterbot palou.db gold.json paraphrases.json \
        --palou "palou" [--pairs N] [--queries N]

ChatterBot (LowercaseTagger, `text_search`, read-only) knows N pairs of the archive: question and
best answer of every exchange with a gold answer, and of others at random. Palou is asked of all
the archive, process start included. Either is right when its first exchange holds a gold answer.
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]


def pairs(database: Path, wanted: set[Key], count: int) -> list[tuple[str, str, set[Key]]]:
    """So many question texts with the best answer's text and the keys of all answers."""
    conn = sqlite3.connect(database)
    said = {
        i: ((group, date, at), text)
        for i, group, date, at, text in conn.execute(
            "select m.id, d.grp, d.date, m.time, m.text from messages m"
            " join days d on d.id = m.id >> 20"
        )
    }
    gold: list[tuple[str, str, set[Key]]] = []
    others: list[tuple[str, str, set[Key]]] = []
    for (made,) in conn.execute("select parts from exchanges where not retold"):
        parts = json.loads(made)
        question = next(said[p[1]][1] for p in parts if p[0] == "question")
        answers = sorted((p for p in parts if p[0] == "answer"), key=lambda p: -p[2])
        if not answers or not question:
            continue
        keys = {said[p[1]][0] for p in answers}
        (gold if keys & wanted else others).append((question, said[answers[0][1]][1], keys))
    random.Random(1).shuffle(others)
    return [*gold, *others][:count]


def chatterbot(known: list[tuple[str, str, set[Key]]], asked: list[str]) -> tuple[Any, float]:
    """The keys of the exchange that ChatterBot replies with to each question; ms a question."""
    from chatterbot import ChatBot
    from chatterbot.conversation import Statement
    from chatterbot.tagging import LowercaseTagger

    bot = ChatBot(
        "bench",
        tagger=LowercaseTagger,
        search_algorithm_name="text_search",
        database_uri="sqlite://",
        read_only=True,
    )
    index = bot.tagger.get_text_index_string
    bot.storage.create_many(
        [
            Statement(
                text=answer,
                in_response_to=question,
                search_text=index(answer),
                search_in_response_to=index(question),
                conversation="training",
            )
            for question, answer, _ in known
        ]
    )
    found: dict[str, set[Key]] = {}
    for _, answer, keys in known:
        found.setdefault(answer, set()).update(keys)
    began = time.perf_counter()
    replies = [bot.get_response(question).text for question in asked]
    spent = (time.perf_counter() - began) / len(asked) * 1e3
    return [found.get(text, set()) for text in replies], spent


def palou(command: str, database: Path, asked: list[str]) -> tuple[Any, float]:
    """The keys of the answers of Palou's first match to each question; ms a question."""
    began = time.perf_counter()
    done = subprocess.run(
        [*shlex.split(command), "ask", "--db", str(database), "--jsonl"],
        input="".join(q.replace("\n", " ") + "\n" for q in asked),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    spent = (time.perf_counter() - began) / len(asked) * 1e3
    replies = [json.loads(line)["matches"][:1] for line in done.stdout.splitlines()]
    return [
        {(a["group"], a["date"], a["time"]) for m in matches for a in m["answers"]}
        for matches in replies
    ], spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("paraphrases", type=Path)
    parser.add_argument("--palou", default="palou")
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=40)
    options = parser.parse_args()
    gold = {g["id"]: g for g in json.loads(options.gold.read_text("utf-8"))}
    again = [p for p in json.loads(options.paraphrases.read_text("utf-8")) if p["id"] in gold]
    right = {p["id"]: {tuple(k) for k in gold[p["id"]]["answer_keys"]} for p in again}
    known = pairs(options.database, set().union(*right.values()), options.pairs)
    some = random.Random(2).sample(again, min(options.queries, len(again)))
    print(f"{len(known)} pairs, {len(some)} questions of each kind\n")
    print(f"{'':10s}  {'ChatterBot':>19s}  {'Palou':>19s}")
    print(f"{'':10s}" + 2 * "    hit1  ms/question")
    for kind in ("verbatim", "short", "reworded"):
        asked = [gold[p["id"]]["question"] if kind == "verbatim" else p[kind] for p in some]
        line = f"{kind:10s}"
        for replies, spent in (
            chatterbot(known, asked),
            palou(options.palou, options.database, asked),
        ):
            hits = sum(bool(r & right[p["id"]]) for r, p in zip(replies, some, strict=True))
            line += f"  {hits / len(some):6.3f}  {spent:11.1f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()

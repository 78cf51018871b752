"""Measures the bot in QQ: seconds from a message to its reply, and messages a second.

    python -m tests.bench.onebot [ARCHIVE]        default: the sample archive in seeds/

`palou run --network onebot` is a process, and so is the OneBot v11 that it is connected to, on
loopback, forward. Latency: one question after the other, each from the moment when its event is
written until the reply is read, less what the core took to decide. Talk: the archive's own messages
at 1,000 a second through one connection, then as fast as they are taken; each has to be decided on.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median, quantiles

from knowledge.loading.load import load
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.gateway.processes import TOKEN, Palou
from tests.onebot.conftest import ASKERS, BOT, PAY, Peer

SEEDS = Path(__file__).parent.parent.parent / "seeds"
QUESTIONS = 200
RATE, SECONDS = 1_000, 20


def main(archive: Path) -> None:
    """Print the figures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = folder / "palou.db"
        load(database, [archive])
        conn = connect(database)
        groups = [s.group for s in Store(conn).stats()]
        texts = [t for (t,) in conn.execute("select text from messages order by id")]
        conn.close()
        peer = stack.enter_context(closing(Peer()))
        named = ", ".join(f'"{g}"' for g in groups)
        (folder / "palou.toml").write_text(
            f'archives = ["{archive.resolve()}"]\n[onebot]\n'
            f'connect = ["ws://127.0.0.1:{peer.port}"]\n'
            "[speaking]\nperson = 10000\nroom = 10000\n"
            f'[[rooms]]\nid = "onebot:{PAY}"\ngroups = [{named}]\n',
            encoding="utf-8",
        )
        variables = {"ONEBOT_ACCESS_TOKEN": TOKEN}
        options = ("--network", "onebot")
        bot = stack.enter_context(closing(Palou(folder, 9, options, variables)))
        bot.log.wait("ready")
        latency(peer, bot, [t for t in texts if "?" in t or "？" in t])
        talk(peer, bot, texts)
        assert bot.end() == 0


def latency(peer: Peer, bot: Palou, questions: list[str]) -> None:
    """Ask one question after the other."""
    above, whole = [], []
    for n in range(QUESTIONS):
        mark = peer.events.mark()
        text = f"@群助手\u2005{questions[n % len(questions)][:200]}"
        asked = peer.say(ASKERS[n], text, PAY, mention=[BOT])
        decided = bot.log.wait("decided", message=f"onebot:{PAY}/#{asked}")
        if not decided["sends"]:
            continue  # it was no question after all
        sent = peer.events.wait("sent", mark, reply=[asked])
        began = peer.events.wait("said", mark)["began"]
        whole.append(sent["t"] - began)
        above.append(whole[-1] - decided["seconds"])
    print(f"{len(whole)} questions: median {1e3 * median(whole):.1f} ms from event to reply;")
    nineties = quantiles(above, n=100)
    print(
        f"  above the core's decision: median {1e3 * median(above):.1f} ms, "
        f"99 of 100 within {1e3 * nineties[98]:.1f} ms"
    )


def talk(peer: Peer, bot: Palou, texts: list[str]) -> None:
    """Say ordinary things at a rate, then as fast as can be."""
    lines = [[ASKERS[n % len(ASKERS)], text[:500]] for n, text in enumerate(texts) if text]
    for rate in (RATE, 1_000_000):
        for _ in range(3 if rate == RATE else 1):
            count, mark = RATE * SECONDS, bot.log.mark()
            seconds = SECONDS if rate == RATE else count / rate
            before, used, began = memory(bot), cpu(bot), time.monotonic()
            peer.do("flood", room=PAY, rate=rate, seconds=seconds, lines=lines)
            deadline = time.monotonic() + 20 * SECONDS
            while time.monotonic() < deadline and done(bot, mark) < count:
                time.sleep(0.5)
            took = time.monotonic() - began
            decided = len(bot.log.all("decided", mark))
            lost = len(bot.log.all("skipped", mark)) + len(bot.log.all("lost", mark))
            what = f"at {rate:,} a second" if rate == RATE else "as fast as can be"
            print(
                f"{count:,} messages {what}: {decided:,} decided, {lost} skipped or lost, in "
                f"{took:.1f} s ({decided / took:,.0f} a second); "
                f"{1e3 * (cpu(bot) - used) / count:.2f} ms of one core each; "
                f"memory {before:.0f} MB before, {memory(bot):.0f} MB after"
            )


def done(bot: Palou, mark: int) -> int:
    """How many messages it has done with."""
    return sum(len(bot.log.all(name, mark)) for name in ("decided", "skipped", "lost"))


def cpu(bot: Palou) -> float:
    """The seconds of a core that the bot has used."""
    fields = Path(f"/proc/{bot.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(bot: Palou) -> float:
    """The bot's resident memory in MB."""
    text = Path(f"/proc/{bot.pid}/statm").read_text()
    return int(text.split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)

"""`palou replay`: when the bot would have spoken in days that are archived."""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from pathlib import Path

import click

from bot.cli.common import bars, language_option, links_by, note_output, synonyms_option
from bot.cli.output import check_file, write
from bot.harness.days import days, known
from bot.harness.replay import Replayed, replay
from bot.reports.replay_page import replay_page
from bot.reports.words import LANGUAGES
from bot.settings import Settings
from knowledge.errors import PalouError
from knowledge.language.synonyms import read_synonyms
from knowledge.store import wishes
from knowledge.store.forgotten import Forgotten

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_DOING = {
    "scan": "reading the archive",
    "read": "loading what came before",
    "link": "linking days",
    "embed": "embedding",
    "play": "playing",
}


@click.command("replay", short_help="See when the bot would have spoken in archived days.")
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--from", "first", type=_DAY, required=True, help="The first day to play.")
@click.option("--to", "last", type=_DAY, required=True, help="The last day to play.")
@click.option("--room", "group", help="Whose days to play, when the archive has several groups.")
@click.option(
    "--mode",
    type=click.Choice(["ambient", "mention"]),
    default="ambient",
    show_default=True,
    help="When the bot speaks in that room.",
)
@click.option("--daily", is_flag=True, help="Let it learn each day when that day is over.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("replay.html"),
    show_default=True,
    help="The report, to read and label.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="Keep what the bot knew in this new database, for: palou eval labels.jsonl --db FILE",
)
@synonyms_option
@language_option
@click.pass_obj
def command(
    settings: Settings,
    archive: Path,
    first: datetime,
    last: datetime,
    group: str | None,
    mode: str,
    daily: bool,
    out: Path,
    keep: Path | None,
    language: str,
) -> None:
    """Play archived days through the bot, and write when it would have spoken and what.

    The bot knows the archive's files from before the first day and nothing else; with --daily also
    each day that is over. The report is one HTML file: what it was least sure of first, then where
    it was nearly sure enough; what you label in it stays in your browser until you download it.

    \b
    palou replay ~/chats/paytalk --from 2024-03-04 --to 2024-03-06
    palou replay ~/chats --room paytalk --from 2024-03-01 --to 2024-03-31 --daily --out march.html
    palou eval labels-paytalk-2024-03-04-2024-03-06.jsonl --db known.db      (with --keep known.db)
    """
    if keep is not None and keep.exists():
        raise PalouError(f"{keep} is there already; name a new file with --keep")
    if last < first:
        raise click.BadParameter("is before --from", param_hint="--to")
    # What would be found out after minutes of loading is said before.
    for file in filter(None, (out, keep)):
        check_file(file)
    read_synonyms(settings.synonyms)  # what is wrong with them is said before a long load
    with bars(_DOING) as progress, tempfile.TemporaryDirectory(prefix="palou-replay-") as folder:
        played = days(
            archive,
            f"{first:%Y-%m-%d}",
            f"{last:%Y-%m-%d}",
            group,
            lambda done, of: progress("scan", done, of),
            settings.zone,
        )
        began = [time.monotonic()]

        def timed(what: str, done: float, of: int) -> None:
            if what == "play" and done == 0:
                began[0] = time.monotonic()
            progress(what, done, of)

        database = keep or Path(folder) / "replay.db"
        wishes.copy(settings.database, database)
        played = known(played, Forgotten(wishes.read(database).rules))
        done = replay(played, settings, database, mode=mode, daily=daily, progress=timed)
        seconds = time.monotonic() - began[0]
    write(out, replay_page(done, LANGUAGES[language], links_by(settings)))
    note_output(settings.database, out)
    _summarise(done, seconds, out, daily)


def _summarise(done: Replayed, seconds: float, out: Path, daily: bool) -> None:
    if not done.known and not daily:
        click.echo(
            f"warning: the archive holds nothing from before {done.first}, so the bot knew "
            "nothing; --daily lets it learn as the days go by",
            err=True,
        )
    spoke = sum(m.spoke for m in done.moments)
    click.echo(
        f"{done.group}, {done.first} to {done.last}: {done.messages:,} messages, "
        f"{spoke:,} replies, {len(done.moments) - spoke:,} kept back by a rule"
    )
    for reason, count in done.reasons:
        click.echo(f"{count:8,}  {reason}")
    rate = done.messages / max(seconds, 1e-9)
    click.echo(f"{seconds:.1f} s, {rate:,.0f} messages a second; report: {out}", err=True)

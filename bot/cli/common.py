"""What several commands share: the --db option, opening the database, loading with progress."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.errors import DATABASE
from bot.misnamed import misnamed
from bot.settings import Settings
from knowledge.errors import LoadError, PalouError
from knowledge.groups import group_name
from knowledge.model import Citation
from knowledge.store.outputs import REPORT, note
from knowledge.store.read import Store
from knowledge.store.schema import check_regular, connect, is_empty
from knowledge.store.transaction import is_there
from knowledge.store.vectors import MODEL, Shelf

if TYPE_CHECKING:
    from bot.asking import Asking
    from knowledge.loading.load import LoadReport
    from knowledge.matching.embedder import Model

Progress = Callable[[str, float, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_DOING = {"read": "reading files", "link": "linking days", "embed": "making vectors"}

F = TypeVar("F", bound=Callable[..., object])


def db_option(command: F) -> F:
    """The option that names another database than the settings do."""

    def note(ctx: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
        ctx.meta[DATABASE] = file
        return file

    return click.option(
        "--db",
        "database",
        callback=note,
        type=click.Path(path_type=Path),
        help="The database to use instead of the settings' one (palou.db).",
    )(command)


def synonyms_option(command: F) -> F:
    """The option that names another file of synonyms than the settings do."""

    def override(ctx: click.Context, option: click.Parameter, file: Path | None) -> None:
        if file is not None:
            ctx.obj = replace(ctx.obj, synonyms=file)

    return click.option(
        "--synonyms",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=override,
        help="A file of synonyms in Solr's format, instead of the settings' one.",
    )(command)


def language_option(command: F) -> F:
    """The option that says in which language a report is written."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        help="The language of the report.",
    )(command)


def links_by(settings: Settings) -> Callable[[str], str]:
    """Where a citation leads by the settings, as in a reply; empty: nowhere."""
    from bot.reply.excerpt import source

    def link(cited: str) -> str:
        citation = Citation.parse(cited)
        permalink = settings.permalink_to(citation.group)
        return source(citation, permalink) if permalink else ""

    return link


def open_asking(settings: Settings, database: Path | None) -> Asking:
    """What is asked, by the settings; it makes the knowledge first if there is none."""
    from bot.asking import Asking
    from bot.record.record import Record

    make_ready(settings, database)
    path = database or settings.database
    asking = Asking(path, settings, Record(path, read_only=True))
    if asking.by_meaning:
        made, of = Shelf(asking.conn, MODEL).progress()
        if made < of:
            click.echo(
                f"vectors: {made:,} of {of:,} are made, the rest is found by words alone; go on"
                " with: palou load",
                err=True,
            )
    return asking


def known_groups(conn: sqlite3.Connection, groups: Sequence[str]) -> tuple[str, ...]:
    """The groups named by `--group`; a usage error, which says which there are, for any other."""
    if not groups:
        return ()
    named = tuple(map(group_name, groups))
    there = Store(conn).groups()
    if unknown := [group for group in named if group not in there]:
        raise click.BadParameter(
            f"there is no group {unknown[0]}; there is {', '.join(there) or 'none'}",
            param_hint="--group",
        )
    return named


def make_ready(settings: Settings, database: Path | None) -> None:
    """Make the knowledge that a bot needs, where it is not there yet.

    Vectors of words that are missing are made, which takes seconds; those of a model are nothing to
    wait for: questions are answered by words meanwhile.
    """
    from knowledge.language.synonyms import read_synonyms

    read_synonyms(settings.synonyms)  # an error in them is said at once
    open_knowledge(settings, database).close()
    if settings.semantic is not None:
        from knowledge.matching.embedder import open_models

        own, *_ = open_models(settings.semantic)  # likewise
        _complete(database or settings.database, own)


def warn_of_misnamed(settings: Settings, database: Path | None) -> None:
    """Say which groups the settings name that are not there: nothing of them can be quoted."""
    with closing(connect(database or settings.database)) as conn:
        for wrong in misnamed(settings, Store(conn).groups()):
            click.echo(f"warning: {wrong}", err=True)


def _complete(database: Path, model: Model) -> None:
    """Make the vectors that are missing; where nothing can be written, do without."""
    with closing(connect(database)) as conn:
        shelf = Shelf(conn, model.shelf)
        made, of = shelf.progress()
        if made == of and shelf.made_by() == model.digest and shelf.typical():
            return
    with suppress(PalouError, sqlite3.Error):
        embed_with_progress(database, model)


def open_knowledge(settings: Settings, database: Path | None) -> sqlite3.Connection:
    """Open the database; when it is not there or empty, load the settings' archives first.

    One that was named for this call has to be there: a slip in its name is to be noticed.
    """
    path = database or settings.database
    check_regular(path)
    if database is not None and not database.exists():
        return connect(database)
    if is_there(path) and not is_empty(path):
        conn = connect(path)
        if not Store(conn).is_empty():
            return conn
        conn.close()
    missing = [str(a) for a in settings.archives if not a.exists()]
    if missing:
        raise LoadError(
            f"there is no database {path} yet, and no archive {', '.join(missing)} to make it "
            "from; load yours with: palou load PATH"
        )
    summarise(load_with_progress(settings, path, settings.sources, None), path)
    return connect(path)


def load_with_progress(
    settings: Settings, database: Path, paths: Sequence[Path], group: str | None
) -> LoadReport:
    """Load, with a progress bar where standard error is a terminal."""
    from knowledge.loading.load import load

    with bars(_DOING) as progress:
        return load(
            database,
            paths,
            group=group,
            zone=settings.zone,
            own=settings.owned,
            progress=progress,
        )


def embed_with_progress(database: Path, model: Model) -> None:
    """Make the vectors that are missing, with a progress bar; Ctrl-C leaves what was made."""
    from knowledge.matching.embedding import embed

    stopped = False
    with bars(_DOING) as progress:
        try:
            embed(database, model, progress)
        except KeyboardInterrupt:
            stopped = True
    with closing(connect(database)) as conn:
        made, of = Shelf(conn, model.shelf).progress()
    # Those of words take no longer than the load itself, and are no news.
    if stopped or not model.quick:
        click.echo(
            f"vectors: {made:,} of {of:,}" + ("; palou load goes on" if stopped else ""), err=True
        )
    if stopped:
        sys.exit(130)


@contextmanager
def bars(doing: Mapping[str, str]) -> Iterator[Progress]:
    """A bar for each thing done, as `doing` calls it, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        Elapsed(),
        Remaining(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def update(what: str, done: float, of: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(doing[what], total=None)
            bar.update(tasks[what], completed=done, total=of)

        yield update


def note_output(database: Path, file: Path, kind: str = REPORT) -> None:
    """Have members' wishes to be forgotten reach a file that was written; say so if they cannot."""
    if not database.is_file():
        return  # nobody could have told it a wish
    try:
        note(database, file, kind)
    except (PalouError, sqlite3.Error) as e:
        click.echo(
            f"warning: {file} holds what was said, and {database} cannot note that it is there "
            f"({e}); remove it yourself when a member wants to be forgotten",
            err=True,
        )


def summarise(report: LoadReport, database: Path) -> None:
    """Print what a load did, on standard error."""

    def echo(text: str) -> None:
        click.echo(text, err=True)

    for loss in report.losses[:20]:
        echo(f"warning: {loss}")
    if len(report.losses) > 20:
        echo(f"warning: … and {len(report.losses) - 20} more; palou stats --losses lists them")
    same = f", {report.same} with the content of another" if report.same else ""
    echo(
        f"files: {report.new} new, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed{same}"
    )
    echo(
        f"{database}: {report.messages:,} messages, {report.speakers:,} speakers, "
        f"{report.exchanges:,} exchanges, {len(report.losses)} warnings, {report.seconds:.1f} s"
    )

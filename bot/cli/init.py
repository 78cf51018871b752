"""`palou init`: from an archive to settings, a database and a first answer."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click

from bot.cli.common import load_with_progress, open_asking, summarise
from bot.cli.output import check_file, write
from bot.networks import NETWORKS, WECHAT
from bot.settings import Settings, zone_named
from bot.settings_file import FILE, named, read
from bot.settings_template import Chosen, template
from knowledge.errors import PalouError
from knowledge.store.read import Store
from knowledge.store.schema import connect
from knowledge.store.trials import answered_questions

_NONE = "none"
_LATER = "none, yet: I only want to try it"


@click.command("init", short_help="Set Palou up here: settings, archive, first answer.")
@click.argument("archives", nargs=-1, type=click.Path(path_type=Path), metavar="[ARCHIVE]...")
@click.option("--network", type=click.Choice([*NETWORKS, _NONE]), help="Where the bot will be.")
@click.option("--name", "names", multiple=True, help="What members call it (repeatable).")
@click.option("--admin", "admins", multiple=True, help="An admin's contact id (repeatable).")
@click.option("--me", default=None, help="Who exported the archive: what it calls 我.")
@click.option("--timezone", default=None, help="The groups' time zone (Asia/Shanghai).")
@click.option("--question", default=None, help="What to ask first (default: one of the archive).")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options, else the defaults.")
@click.pass_context
def command(
    ctx: click.Context,
    archives: tuple[Path, ...],
    network: str | None,
    names: tuple[str, ...],
    admins: tuple[str, ...],
    me: str | None,
    timezone: str | None,
    question: str | None,
    yes: bool,
) -> None:
    """Set Palou up in this folder: ask a few things, write palou.toml, load, and answer once.

    ARCHIVE is what was exported of the group: a file, a folder or a zip; palou formats lists what
    is read. What is given as an option is not asked for; from a pipe, nothing is.

    \b
    palou init
    palou init ~/Downloads/水族.json --network wechat --name 爬楼 --admin wxid_… --yes
    """
    assert ctx.parent is not None
    file = named(ctx.parent.params["file"], os.environ) or FILE
    if file.exists():
        raise PalouError(f"{file} is there already; change it, or move it away and start anew")
    check_file(file)
    asks = _Asks(not yes and _is_terminal())
    paths = archives or (asks.archive(),)
    for path in paths:
        if not path.exists():
            raise PalouError(f"{path}: there is no such file or folder to load")
    chosen = Chosen(
        archives=[_relative(path, file.parent) for path in paths],
        names=names or asks.several("What do members call the bot", ("爬楼", "palou")),
        me=me if me is not None else asks.text("Who exported it (what it calls 我; may be empty)"),
        timezone=asks.zone(timezone),
    )
    network = network or asks.network()
    admins = admins or (() if network == _NONE else asks.several(_ADMINS, ()))
    networks = (WECHAT if network == _NONE else network,)
    settings = _set_up(file, replace(chosen, admins=admins, networks=networks))
    _ask(settings, question or asks.question(settings))
    _next_steps(network, file)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


_ADMINS = "Contact ids of admins, by commas (empty: later; /id, said to the bot, tells them)"


@dataclass(frozen=True, slots=True)
class _Asks:
    """Asks in the terminal; where there is none, takes the defaults."""

    terminal: bool

    def archive(self) -> Path:
        default = "seeds" if Path("seeds").is_dir() else None
        if not self.terminal:
            if default is None:
                raise PalouError("name what to load: palou init ARCHIVE")
            return Path(default)
        while True:
            said = click.prompt("Where does the archive lie (file, folder or zip)", default=default)
            path = Path(str(said).strip().strip("'\"")).expanduser()
            if path.exists():
                return path
            click.echo(f"There is no {path}.")

    def text(self, what: str) -> str:
        if not self.terminal:
            return ""
        return str(click.prompt(what, default="", show_default=False)).strip()

    def several(self, what: str, default: tuple[str, ...]) -> tuple[str, ...]:
        if not self.terminal:
            return default
        said = click.prompt(what, default=", ".join(default), show_default=bool(default))
        return tuple(p.strip() for p in str(said).replace("，", ",").split(",") if p.strip())

    def zone(self, given: str | None) -> str:
        name = given or "Asia/Shanghai"
        while True:
            if given is None and self.terminal:
                said = click.prompt("The group's time zone", default="Asia/Shanghai")
                name = str(said).strip()
            try:
                zone_named(name)
                return name
            except ValueError as e:
                if given is not None or not self.terminal:
                    raise click.BadParameter(str(e), param_hint="--timezone") from e
                click.echo(f"There is {e}.")

    def network(self) -> str:
        if not self.terminal:
            return _NONE
        named = {**{name: n.title for name, n in NETWORKS.items()}, _NONE: _LATER}
        for number, title in enumerate(named.values(), 1):
            click.echo(f"  {number}  {title}")
        kinds = click.IntRange(1, len(named))
        return list(named)[click.prompt("Where will the bot be", type=kinds, default=1) - 1]

    def question(self, settings: Settings) -> str:
        with closing(connect(settings.database)) as conn:
            found = answered_questions(conn, 1)
        default = found[0] if found else ""
        if not self.terminal:
            return default
        return str(click.prompt("Ask it something that the group knows", default=default))


def _relative(path: Path, base: Path) -> str:
    """A path as the file of settings, which may be moved with its folder, names it."""
    whole, folder = path.expanduser().resolve(), base.resolve()
    return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def _set_up(file: Path, chosen: Chosen) -> Settings:
    """Write the settings and load by them; when that fails, there are none."""
    write(file, template(chosen))
    try:
        settings = read(file, {})
        report = load_with_progress(settings, settings.database, settings.sources, None)
        summarise(report, settings.database)
        if not report.messages:
            raise PalouError(f"{', '.join(chosen.archives)}: no message in it; see palou formats")
        with closing(connect(settings.database)) as conn:
            groups = Store(conn).groups()
        write(file, template(chosen, groups))
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    click.echo(f"{file}: written; all other settings stand there with their defaults", err=True)
    return settings


def _ask(settings: Settings, question: str) -> None:
    if not question:
        return
    click.echo(f'\n$ palou ask "{question}"')
    verdict = open_asking(settings, None).ask(question)
    click.echo(verdict.reply or f"({verdict.reason})")


def _next_steps(network: str, file: Path) -> None:
    steps = [
        ("palou chat", "be the group yourself, and see why it says what"),
        ("palou doctor", "is all in order"),
    ]
    if network != _NONE:
        chosen = NETWORKS[network]
        steps.append((f"pip install 'palou[{chosen.extra}]'", chosen.title))
        if chosen.variables:
            steps.append((f"export {'=… '.join(chosen.variables)}=…", "its secrets"))
        steps.append(("palou run --dry-run", "the first days: it decides, and sends nothing"))
    click.echo("\nNext:")
    width = max(len(step) for step, _ in steps)
    for step, what in steps:
        click.echo(f"  {step:<{width}}  {what}")

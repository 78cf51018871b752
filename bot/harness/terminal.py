"""Draws a group in a terminal: a prompt with history and completion, and the reasons beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory
from prompt_toolkit.styles import Style

from bot.harness.console import Console, Output

_STYLE = Style.from_dict(
    {
        "where": "ansicyan",
        "said": "ansigreen",
        "why": "ansibrightblack",
        "note": "ansiyellow",
        "bottom-toolbar": "noreverse ansibrightblack",
    }
)
_MARKS = {"said": "│ ", "why": "  ↳ ", "note": "  "}


class _Completer(Completer):
    def __init__(self, console: Console) -> None:
        self._console = console

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        for whole in self._console.completions(text):
            shown = whole.rpartition(" ")[2]
            yield Completion(whole, start_position=-len(text), display=shown)


def talk(console: Console, history: Path) -> None:
    """Read lines until /quit or Ctrl-D; Ctrl-C drops what is being typed.

    An empty line shows what came due meanwhile.
    """
    history.parent.mkdir(parents=True, exist_ok=True)
    for said in console.banner:
        _show(Output("note", said))
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=_Completer(console),
        style=_STYLE,
        bottom_toolbar=lambda: _toolbar(console),
    )
    while True:
        try:
            text = session.prompt([("class:where", console.where), ("", "> ")]).strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text == "/quit":
            return
        for line in console.enter(text) if text else console.wait():
            _show(line)


def _toolbar(console: Console) -> str:
    how = "被旁听" if console.overhear else "在提问"
    return f" 打的字{how}（/overhear）   /as 小王   /room   /tick 10m   /admin   /? "


def _show(line: Output) -> None:
    mark = _MARKS[line.kind]
    text = "\n".join(mark + part for part in line.text.splitlines())
    print_formatted_text(FormattedText([(f"class:{line.kind}", text)]), style=_STYLE)

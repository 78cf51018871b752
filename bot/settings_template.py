"""Writes a commented `palou.toml`: what was chosen, and all else that can be, with its default."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an operator chose: archives as paths, the bot's names, admins by contact id."""

    archives: Sequence[str]
    names: Sequence[str]
    admins: Sequence[str] = ()
    me: str = ""
    timezone: str = "Asia/Shanghai"
    networks: Sequence[str] = ("wechat",)


def template(chosen: Chosen, groups: Sequence[str] = ()) -> str:
    """The text of a file of settings; `groups` are named in the example of a room."""
    first = groups[0] if groups else "paytalk"
    lines = (
        ("archives", _listed(chosen.archives), "files or folders; palou load reads them"),
        ("networks", _listed(chosen.networks), "where palou run connects to"),
        ("names", _listed(chosen.names), "what members call the bot behind an @"),
        ("admins", _listed(chosen.admins), "contact ids; /id, said to the bot, tells yours"),
        ("timezone", _quoted(chosen.timezone), "the groups'; citations go by it: choose it once"),
        ("me", _quoted(chosen.me), "who exported the archives: what they call 我"),
    )
    return _TEXT.format(
        chosen="\n".join(f"{f'{key} = {value}':<38} # {said}" for key, value, said in lines),
        groups=_listed(groups or [first]),
        group=_quoted(first),
    )


def _quoted(text: str) -> str:
    # JSON's texts are TOML's, but for one character that TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


_TEXT = """\
# Palou's settings. A line behind # is not set, and shows the default. After a change: palou doctor
# Secrets (the gateway's token, PALOU_WEB_TOKEN) belong into the environment, not here.

{chosen}

# database = "palou.db"
# synonyms = "synonyms.txt"            # words that may stand for each other (default: none)
# semantic = true                      # by a model, of palou[semantic]; false: by letters
# base_url = "https://example.org"     # where members reach `palou serve`; replies link there
# permalink = ""                       # another template, with {{citation}}
# evaluation = "eval"                  # of the last `palou eval --out`, and the labels of the desk
# answers = "answers"                  # what admins answer by /answer is archived here
# live = "live"                        # archive what is said in the rooms here (default: off)
# bots = []                            # contact ids that are never answered
# private = []                         # groups that answer anybody in private messages

# [thresholds]                         # the probability that it is right; palou tune finds yours
# asked = 0.8                          # to answer who asks
# hedged = 0.3                         # from here on to answer with a doubt
# overheard = 0.9                      # to reply to what it overhears

# [onebot]                             # QQ, through NapCat or another OneBot v11
# connect = ["ws://127.0.0.1:3001"]    # its websocket servers
# listen = ""                          # or where they connect to, host:port
# history = false                      # archive (live) what was said while the bot was away

# [speaking]                           # seconds; replies a minute
# cooldown = 60                        # a room is left alone so long after an overheard question
# settle = 20                          # an overheard question waits so long for a person's answer
# late = 120                           # what could not be sent by then is dropped
# person = 6
# room = 20

# A table for each room. Without any, a room sees the archive of its own name. Archived: {groups}
# [[rooms]]
# id = "123@chatroom"                  # by /id in the room; or topic = "…", which anybody can take
# groups = [{group}]
# mode = "mention"                     # ambient: it also overhears; off
"""

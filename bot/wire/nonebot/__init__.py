"""QQ, Telegram, Feishu, Discord and others, through NoneBot: its adapters reach the networks.

NoneBot keeps its bots connected; `accounts` makes each of them an account of ours, `connection` is
what stands between it and the wire, and the `dialects` say how each network's messages read and
look. `running` starts NoneBot for `palou run`; in somebody's own NoneBot the plugin does what it
does (`bot/cli/entry/nonebot_plugin_palou.py`), and `hooks` serve both.
"""

"""QQ, Telegram, Feishu, Discord and others, through NoneBot: its adapters reach the networks.

NoneBot keeps its bots connected; `accounts` makes each of them an account of ours, `connection` is
what stands between it and the wire, and the `dialects` say how each network's messages read and
look. `running` starts NoneBot for `palou run`; `entry` is the plugin for somebody's own NoneBot.
"""

"""What the bot says in its own words; everything else that it says is quoted."""

from __future__ import annotations

NOT_FOUND = "群里好像还没人答过这个，先记下了。"
NOT_FOUND_BUT = "没找到把握大的回答，是不是想问（回复数字看回答）："
NO_ARCHIVE = "这里还没有可以查的归档，请管理员在设置里为本群指定归档。"
NO_MORE = "没有更多了。"
NOTHING_TO_GO_ON = "还没有可以接着看的回答。"
NO_SOURCE = "十分钟内没有回答过什么。"
THANKS = {1: "收到，记下了有用。", -1: "收到，记下了没用，以后会少提这条。"}
HELP = """@我 提问，群里答过的我来爬楼。
更多：看其余回答　出处：看完整出处
有用 / 没用：评价刚才的回答
/forget-me：归档里不再出现你的名字（加 all：删掉你说过的话）"""
ANNOUNCE_LIVE = "本群开启了聊天存档，用来回答以后的同类问题。不想被记录的，发 /forget-me all 即可。"
REFUSED = "这个命令只有管理员能用。"
IN_ROOM_ONLY = "请在群里用，或在命令末尾写上群名。"
PRIVATELY_ONLY = "看板的链接不在群里给，请私聊我发 /desk。"
NO_DESK = "看板没有开：请在设置里写 base_url，并在环境变量里给 PALOU_WEB_TOKEN。"
FAILED = "出了点问题，已记在日志里。"
MUTED = "好，静音到 {until}。"

"""What the bot says in a chat in its own words; all else is quoted, or a command's line of help."""

from __future__ import annotations

from bot.reasons import Reason, Why, compared

# A reply that quotes the archive.
ASKED = "有人问过：{}"
WHO_ASKED = "—— {}，{} {}，{}"
WHO_RETOLD = "—— {} 答的，{} {}，{}"
SAID = "有人说过：{}"
CONTEXT = "（接着这些话说的：{}）"
UNSURE = "（没看到有人直接回答，后面是接着说的话）"
NOBODY_ANSWERED = "（没看到有人回答）"
REPEATED = "这个问题问过 {} 次，{}另见 {}"
NEWEST = "这是最近一次，"
AND_OTHERS = "等"
ANOTHER_TIME = "（同一个问题，另一次问）"
ALSO = "也有人问：{}（{}）"
ALSO_SAID = "也有人说：{}（{}）"
IMAGE = "（图片，见原文）"
ALSO_ASKED = "还问了「{}」："
MORE = "还有 {} 条，回复「更多」"
SOURCE = "原文：{}"
GROUP = "群：{}"
QUESTION, ANSWER, AGAIN = "问", "答", "又问"

# Where it is not sure, or there is nothing to quote.
HEDGED = "不太确定，最接近的是："
OR_ELSE = "也可能想问（回复数字看回答）："
NOT_FOUND = "归档里没找到这个，先记下了。"
NOT_MENTIONED = "归档里没提到过{}。"
SEARCH = "自己翻翻看：{}"
HELLO = "在的。@我 提问，群里答过的我来爬楼。"
NOT_FOUND_BUT = "没找到把握大的回答，是不是想问（回复数字看回答）："
TIMES = "，问过 {} 次"
NO_ARCHIVE = "这里还没有可以查的归档，请管理员在设置里为本群指定归档。"

# Talk about a reply.
NO_MORE = "没有更多了。"
NOTHING_TO_GO_ON = "还没有可以接着看的回答。"
NO_SOURCE = "十分钟内没有回答过什么。"
THANKS = {1: "收到，记下了有用。", -1: "收到，记下了没用，以后会少提这条。"}
HELP = """@我 提问，群里答过的我来爬楼。问得太密的先不答，过一分钟再问。
更多：看其余回答　出处：看完整出处
有用 / 没用：评价刚才的回答
/forget-me：归档里不再出现你的名字（加 all：删掉你说过的话）"""
ANNOUNCE_LIVE = "本群开启了聊天存档，用来回答以后的同类问题。不想被记录的，发 /forget-me all 即可。"

# What could not be written down.
NOT_WRITTEN = "收到，现在写不进数据库，稍后会再试。"
NOT_DONE = "没有做成，原因见日志。"
_DONE = "好，"
_DONE_FOR_NOW = "现在写不进数据库，稍后会再试，重启前写不进就没了；先照办："

# Commands.
REFUSED = "这个命令只有管理员能用。"
NO_SUCH_COMMAND = "没有 /{} 这个命令，/help 看有哪些。"
ID_ROOM = "这个群：{}"
ID_CONTACT = "你：{}"
IN_ROOM_ONLY = "请在群里用，或在命令末尾写上群名。"
WHICH_ROOM = "有 {} 个群叫「{}」，请在命令末尾写上群的 id：{}"
PRIVATELY_ONLY = "看板的链接不在群里给，请私聊我发 /desk。"
NO_DESK = "看板没有开：请在设置里写 base_url，并在环境变量里给 PALOU_WEB_TOKEN。"
USAGE = "用法：{}"
MODE = "现在是 {}。用法：{}"
NO_SUCH_MODE = "没有这种模式。用法：{}"
MODE_SET = "好，模式改为 {}。"
NO_SUCH_LENGTH = "看不懂时长。用法：{}"
MUTED = "好，静音到 {:%m-%d %H:%M}。"
UNMUTED = "好，取消静音。"
THRESHOLDS = "门槛：被问到 {asked:.2f}（从 {hedged:.2f} 起说不太确定），旁听 {overheard:.2f}"
THRESHOLDS_SET = "好，" + THRESHOLDS
NO_SUCH_THRESHOLD = "门槛是 0 到 1 的数。用法：{}"
OVERHEARD_BELOW = "旁听的门槛（{overheard:.2f}）不能低于被问到的（{asked:.2f}）。"
HEDGED_ABOVE = "说不太确定的门槛（{hedged:.2f}）不能高于被问到的（{asked:.2f}）。"
NONE_UNANSWERED = "没有没答上的问题。"
UNANSWERED = "{}. {}（{} 次）"
UNANSWERED_IN = "{}. {}（{} 次，{}）"
ASKED_PRIVATELY = "私聊"
HOW_TO_ANSWER = "用 {} 来回答，{} 划掉"
MORE_UNANSWERED = "还有 {} 个：/unanswered {}"
DISMISSED = "好，划掉了：{}"
LIST_FIRST = "先发 /unanswered，再用 {}"
ASKED_NO_MORE = "这个问题已经不在了，请再发一次 /unanswered。"
WHICH_GROUP = "「{}」的回答记在哪个归档？回复数字："
ANSWER_NOTED = "记下了：{}（{} 答的，记在 {}）"
ANSWER_NOTED_PRIVATELY = "记下了：{}（{} 答的，记在 {}，私聊里谁都能问到）"
NO_PRIVATE_GROUP = (
    "这是私聊里问的，不记进群的归档。要回答，请先在设置的 private 里写一个不属于任何群的归档。"
)
NO_SUCH_MESSAGE = "没有这条消息。"
NOT_YOURS_TO_FORGET = "没有这条消息，或者我不能确定它是你说的；请管理员来定。"
FORGOTTEN = "好，{} 已忘掉。一天内想反悔，发 /forget-me undo"
YOU_SAID = "你在 {} 说过 {} 条，以{}之名。"
YOU_SAID_NAMELESS = "你去掉了名字的有 {} 条。"
NOTHING_OF_YOU = "归档里没找到你说过的话。"
NEVER_SEEN = "我没在群里见过你。要是归档里有你说过的话，管理员会来确认。"
SURE_TO_FORGET = "要全部删掉，十分钟内再发一次 /forget-me all；只去掉名字，发 /forget-me"
FORGOTTEN_ALL = "好，这些话和你的名字都从归档里去掉了。一天内想反悔，发 /forget-me undo"
FORGOTTEN_NAME = (
    "好，归档里你的名字改成了「{}」。要连话一起删，发 /forget-me all；"
    "一天内想反悔，发 /forget-me undo"
)
FROM_NOW_ON = "好，你问过我的都删了，以后也不再记你。一天内想反悔，发 /forget-me undo"
ADMIN_DECIDES = "归档里以你的名字说的话，我分不清是不是你说的，已请管理员确认，有结果告诉你。"
NOT_KEPT = "现在写不进硬盘，没有做成，请稍后再试。"
UNDONE = "好，撤回了；归档重新读入以后，原来的话和名字就回来了。"
UNDONE_LAST = "好，撤回了；归档重新读入以后，这一次去掉的就回来了。更早要我忘掉的仍然算数。"
NOTHING_TO_UNDO = "没有可以撤回的：一天之内你没有要我忘掉什么。"
WISH_FOR_ADMIN = "{}想被忘掉，可归档里的话不一定是他说的，要你来确认：{}"
NO_WISHES = "没有等你确认的。"
WANTS_NAME = "{}. {}（{:%m-%d %H:%M}）想去掉名字：{}"
WANTS_WORDS = "{}. {}（{:%m-%d %H:%M}）想删掉他说过的话：{}"
SAID_THERE = "{} 里 {} 条，以{}之名"
WISH_DECIDED = "好，会告诉{}。"
WISH_GRANTED = "管理员确认了，归档里你要忘掉的都去掉了。一天内想反悔，发 /forget-me undo"
WISH_REFUSED = "管理员没有同意：归档里那些话不是你说的，或者分不清。"
NOTHING_DECIDED = "还没有做过决定。"
DECIDED = "「{}」：{}"
THRESHOLD = "（门槛 {:.2f}）"
MATCHED = "{:.2f} {} {}"
FOUND_BY = {"synonym": "（按同义词{}）", "sound": "（按读音{}）", "meaning": "（按意思{}）"}

# A load that was asked for.
RELOADING = "开始重新读入归档，期间照常回答。"
ALREADY_RELOADING = "已经在读了，读完会说。"
NOT_RELOADED = "没有读成，仍用原来的知识：{}"
NO_SYNONYMS = "同义词没有读成，仍用原来的：{}"

# The state of things.
STATUS_GROUP = "{}：{} 条消息，{} 组问答，{} 至 {}"
STATUS_ROOM = "本群：模式 {}，门槛 {:.2f} / {:.2f}，归档 {}"
STATUS_NAMESAKES = (
    '还有 {} 个群用过本群的群名，所以设置里按群名写的对谁都不算数。请在那里给本群写上 id = "{}"'
)
STATUS_MISNAMED = "设置里 {} 写的归档「{}」没有读入{}"
MEANT = "，是不是「{}」？"
STATUS_MUTED = "静音到 {:%m-%d %H:%M}"
STATUS_TODAY = "今天：答了 {}，说了不确定 {}，没找到 {}，旁听未出声 {}，防刷丢弃 {}"
STATUS_VECTORS = "向量：{} / {}"
STATUS_UNWRITTEN = "还没写进数据库 {} 条：{}"
STATUS_LOCKED = "别的进程正在写"
STATUS_DROPPED = "写不成、丢掉了 {} 条记录，见日志"
STATUS_NOT_ARCHIVED = "聊天存档漏了 {} 条：{}"
STATUS_RUNNING = "已运行 {:.1f} 小时"
STATUS_LOADING = "，正在读归档"

_WHY = {
    Why.ANSWERED: "答了",
    Why.HEDGED: "拿不准，说了不确定",
    Why.OFFERED: "拿不准，给了几个问题挑",
    Why.NOT_FOUND: "没找到",
    Why.TAUGHT: "没找到，后来有人教了",
    Why.DISMISSED: "没找到，不用答",
    Why.HELD: "先等群友回答",
    Why.TALK: "答话",
    Why.SMALL_TALK: "寒暄",
    Why.COMMAND: "命令",
    Why.REFUSED: "不是管理员",
    Why.RELOADED: "归档读好了",
    Why.NOT_RELOADED: "归档没有读成",
    Why.FAILED: "出了错，见日志",
    Why.OWN_MESSAGE: "是自己说的",
    Why.ANOTHER_BOT: "是别的机器人说的",
    Why.SEEN_BEFORE: "这条处理过了",
    Why.NOTHING_SAID: "没有说话",
    Why.MODE_OFF: "本群已关",
    Why.MUTED: "静音中",
    Why.FLOOD_PERSON: "此人问得太密",
    Why.FLOOD_ROOM: "本群问得太密",
    Why.NOT_MENTIONED: "没有被 @",
    Why.NOT_A_QUESTION: "不是问题",
    Why.TOO_SHORT: "话太短",
    Why.PUT_TO_SOMEBODY: "问的是别人",
    Why.COOLDOWN: "刚回答过，先歇一会儿",
    Why.NOTHING_LIKE_IT: "归档里没有相近的",
    Why.BELOW_THRESHOLD: "把握不够",
    Why.ANSWER_UNSURE: "回答本身不确定",
    Why.NO_QUESTION: "归档里的不是问题",
    Why.SEVERAL_MEANT: "可能指好几个问题",
    Why.PERSON_ANSWERED: "已有群友回答",
}


def misnamed(where: str, group: str, meant: str) -> str:
    """What is said of a group in the settings that is not there, and of one that may be meant."""
    return STATUS_MISNAMED.format(where, group, MEANT.format(meant) if meant else "")


def unwritten(said: str) -> str:
    """What is said to a command that holds now, and is not on the disk yet."""
    return _DONE_FOR_NOW + said.removeprefix(_DONE)


def found_by(by: str, read_as: str) -> str:
    """How a match was found otherwise than by the words as they stand; empty: it was not."""
    return "" if by == "words" else FOUND_BY[by].format(f"：{read_as}" if read_as else "")


def why(why: Why) -> str:
    """Why the bot decided so, in words for members and operators."""
    return _WHY[why]


def reason(reason: Reason) -> str:
    """The same with its figures: `把握不够 0.41 < 0.90`."""
    said = _WHY[reason.why]
    if reason.command:
        return f"{said} /{reason.command}"
    if reason.until is not None:
        return f"{said}，到 {reason.until:%H:%M}"
    if reason.figure is None:
        return said
    if reason.bound is None:
        return f"{said}，{reason.figure:.0f} 秒"
    return f"{said} {compared(reason.figure, '<', reason.bound)}"

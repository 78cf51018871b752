"""What kind of message a text is, whom it mentions, and what it quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message does in a conversation; `str` so that it stores and prints as itself."""

    QUESTION = "question"
    STATEMENT = "statement"
    ACKNOWLEDGEMENT = "acknowledgement"
    GREETING = "greeting"
    ANNOUNCEMENT = "announcement"
    IMAGE = "image"
    URL = "url"
    RED_PACKET = "red packet"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted message: the name it was quoted under and its words, which can be cut short."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, taken apart.

    `plain` is what its writer says himself: no mentions, quotes, emoji codes, image or url
    addresses. `asks` counts the signs of a question in it, 0 (none) to 3 (beyond doubt);
    `elliptical` questions mean nothing without what was said before.
    """

    kind: Kind
    plain: str
    asks: int
    elliptical: bool
    mentions: tuple[str, ...]
    quote: Quote | None


_STOP = r"\s@?？,，。！!：:；;、\[\]「」“”"
# A mention runs to white space, to the "?" that stands for a lost U+2005, or to the end. A name
# may hold an inner "@" ("name@firm") and a blank, when what follows the blank looks like a name.
_SEP = r"\-_~—"
_MENTION_HERE = re.compile(
    rf"@(?P<name>"
    rf"[^{_STOP}{_SEP}]{{1,20}}\s{{1,2}}[^{_STOP}{_SEP}]{{1,12}}[\-_—][^{_STOP}]{{1,30}}"
    rf"|[^{_STOP}{_SEP}]{{1,20}}\s[^{_STOP}吗呢么吧啊]{{1,8}}(?=\?\S)"
    rf"|[^{_STOP}]{{1,40}}(?:@[^{_STOP}]{{1,20}})?(?:(?<=[{_SEP}])\s{{1,2}}[^{_STOP}]{{1,12}})?"
    rf")[?\u2005]?"
)
_MENTION = re.compile(rf"(?<![0-9A-Za-z.]){_MENTION_HERE.pattern}")
# Where the words of a quote end, and the name in front of them. One pattern for a whole quote would
# try each of its parts at each place of a long text.
_QUOTE_END = re.compile(r"」\s*+(?:[-–—]\s*+)*+|(?:[-–—]\s*+){5,}+")
_NAME_END = re.compile(r"[:：「」]")
_NAME_CHARACTERS = 60
_QUOTED_IN_TURN = re.compile(r"「([^「」:：\n]{1,60})[:：]")
# An address of an image in a real archive has 45 characters, its title 19.
_IMAGE = re.compile(r"!\[[^\]]{0,200}+\]\([^)]{0,500}+\)")
_LINK = re.compile(r"https?://[!-~]+")
_CODE = re.compile(r"\[[^\[\]\s\d]{1,12}\]|\?{2,}|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]")
_BLANK = re.compile(r"\s+")
_INNER = re.compile(r"[^\W_]")

_RED_PACKET = re.compile(r"(?:\[?微信红包\]?|\[红包\]).{0,20}")
_SYSTEM = re.compile(
    r".{0,40}(?:加入了?群聊|移出了?群聊|撤回了一条消息|修改群名为|领取了你?的?.{0,20}红包|开启了朋友验证"
    r"|拍了拍.{0,30}|与群里其他人都不是.{0,20}好友关系)"
)
_ACK = re.compile(
    r"(?:非常|太|很|十分|多|好|真|给力|我|先|已|也)*"
    r"(?:谢谢?|感谢|多谢|谢了|thanks?|thx|thank you|好的?|ok|okay|收到|明白|了解|知道|懂|"
    r"学习|受教|赞|牛逼?|厉害|强|棒|佩服|支持|期待|"
    r"哈+|呵+|嘿+|哦+|噢+|喔+|嗯+|恩+|额+|呃+|\+1|1+|6{2,}|是的?|对的?|"
    r"没错|同意|赞同|同感|不错|辛苦|客气|不客气|不用谢|有道理|原来如此|可以|行|nice|great|good|yes|no)"
    r"(?:的|了|啦|哈|啊|呀|哦|滴|吧|呢|大家|分享|大神|老师|各位|您|你|解答|指点|指教|一下|下|受教|"
    r"学习|谢谢?|感谢|辛苦|期待|好的?|是的?|对的?|嗯|恩|哈|明白|了解|给力|大佬|们|\W)*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:大家|各位|群里|诸位|老师|同学|朋友|热烈|新人|们)*"
    r"(?:早上?好?|早安|晚安|上午好|中午好|下午好|晚上好|你好|您好|"
    r"大家好|各位好|hi|hello|morning|good morning|欢迎|欢迎欢迎|报到|新人报到|再见|"
    r"拜拜|周末愉快|节日快乐|新年快乐)"
    r"(?:啊|呀|哦|大家|各位|新人|同学|入群|加入|新朋友|大神|老师|大佬|多多关照|分享|[老美哥姐总]|\W)*",
    re.IGNORECASE,
)
_ANYBODY = re.compile(
    r"(?:你|您|大家|各位|有谁|有人|还)*(?:在不在|在吗|在么|在嘛|在没|有人[吗么嘛]|有人在[吗么嘛]|有没有人)\W*"
)
_ANNOUNCEMENT = re.compile(
    r"(?:群公告|公告|通知|预告|重要提醒|温馨提示|招聘|诚聘|内推|报名|群规|本期|今晚\d|今晚.{0,6}分享|分享时间|主讲|嘉宾)"
)
# Signs of a question, strongest first. They are the language's, not any group's.
_BEG = re.compile(
    r"请问|请教|求教|想问|问一?下|问个|请假下|咨询一?下|求助|求解|求推荐|有谁|谁有|谁能|谁知道|有没有人|有人.{0,8}[吗么]"
)
_WORDS = re.compile(
    r"什么|甚么|啥|怎么|怎样|怎么样|咋|如何|为何|为什么|哪|多少|多久|多大|多长|几[个种天家次点位条回块毛斤岁]|谁|是否|"
    r"是不是|有没有|能不能|可不可以|会不会|要不要|需不需要|对不对|算不算|行不行|好不好|还是说|何时|何种|吗|能否|可否|"
    r"干嘛|干么(?!么)"
)
_CHOICE = re.compile(
    r"(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)"  # 锁不锁, 行不行
    r"|(?<![还但就可只于不总])是[^\s，,。是]{1,12}还是[^\s，,。]{1,12}$"  # 是剪掉还是留着
    r"|(?P<again>[\u4e00-\u9fff])[^\s，,。还]{1,10}还是(?P=again)[^\s，,。]{1,10}$"  # 按天还是按次
    r"|(?:能|可以|要|会|有|是|行|去|用).{0,12}[^\W不]不$"  # 能停车不
    r"|[\u4e00-\u9fff][^\W不也都就才并还又可从我你他她它谁偏]不$"  # 好使不
)
_TAIL = re.compile(
    r"(?:[吗嘛么]|呢|不|没|没有|否|吧|呗|是吗|对吗|对不对|吗[呢啊]?)[\s~～。.!！…]*$"
)
_RHETORIC = re.compile(
    r"不就.{0,12}[吗么嘛]|难道|何必|何况|怎么可能|谁不|哪有|还用说|好吗[。！!]?$|什么的|啥的|没什么|没啥|无论|不管|怎么都|谁都"
)
_ENDING = " ~～。.!！…?？呢啊呀"
_LEAN = re.compile(
    r"(?:那|这|它|他|她|这个|那个|这样|那样|所以|然后|如果这样|还有|另外|也|还|但|可|而|是[指说]|就是|意思是|"
    r"为什么|为啥|怎么|如何|哪|啥|什么|多少|具体|比如|其中|前者|后者|上面|刚才|刚刚|你说)"
)
_WORD = re.compile(r"[0-9A-Za-z]+|[\u4e00-\u9fff]")
_ELLIPTICAL = 14  # a question of at most so many words leans on its predecessor when it opens so


def may_name(text: str) -> bool:
    """Tell by its signs alone whether a text can mention or quote anybody."""
    return "@" in text or "「" in text


def mentions(text: str) -> tuple[str, ...]:
    """List the names that a text mentions, in its order, without the lost U+2005."""
    if "@" not in text:
        return ()
    return tuple(m["name"].strip() for m in _MENTION.finditer(text))


def first_mention(text: str, at: int = 0) -> str:
    """The name that is mentioned at a place of a text; empty: none is."""
    m = _MENTION_HERE.match(text, at)
    return m["name"].strip() if m else ""


def quote(text: str) -> tuple[Quote | None, str]:
    """Split a text into the message that it quotes, if any, and what is said about it."""
    begin = len(text) - len(text.lstrip())
    name_end = _NAME_END.search(text, begin + 1) if text.startswith("「", begin) else None
    if name_end is None or name_end[0] in "「」":
        return None, text
    name = text[begin + 1 : name_end.start()]
    if not name.strip("\n") or len(name.strip()) > _NAME_CHARACTERS or "\n" in name.strip():
        return None, text
    end = _QUOTE_END.search(text, name_end.end())
    if end is None:
        return None, text
    words, reply = text[name_end.end() : end.start()], text[end.end() :]
    return Quote(name.strip(), words.strip()), reply.lstrip("? ")


def quoted_names(text: str) -> tuple[str, ...]:
    """List whom a text quotes, from without inwards: a quote can hold a quote."""
    quoted, _ = quote(text)
    if quoted is None:
        return ()
    return (quoted.name, *(name.strip() for name in _QUOTED_IN_TURN.findall(quoted.words)))


def asks_by_word(text: str) -> bool:
    """Whether a question word stands in a text: `有啥区别` asks, and names nothing."""
    return _WORDS.search(text) is not None


def _asks(plain: str) -> int:
    """Count the signs of a question: 0 none, 1 weak, 2 likely, 3 beyond doubt."""
    mark = "?" in plain or "？" in plain
    last = plain[-1:] in "?？" if plain else False
    word = _WORDS.search(plain) is not None or _CHOICE.search(plain.rstrip(_ENDING)) is not None
    if _BEG.search(plain):
        return 3 if mark or word else 2
    if not mark and not word:
        return 1 if _TAIL.search(plain) else 0
    if _RHETORIC.search(plain):
        return 1
    if last:
        return 3 if word else 2
    if mark:
        return 2
    return 2 if _TAIL.search(plain) or len(plain) <= 30 else 1


def _core(plain: str) -> str:
    """Plain words without what stands at their ends and is neither letter nor digit."""
    first = _INNER.search(plain)
    if first is None:
        return ""
    end = len(plain)
    while not plain[end - 1].isalnum():
        end -= 1
    return plain[first.start() : end]


def read(text: str) -> Reading:
    """Take a text apart: its kind, its plain words, its mentions and its quote. Never raises."""
    quoted, said = quote(text)
    names = mentions(said)
    plain = _MENTION.sub(" ", said) if names else said
    image = url = False
    if "](" in plain:
        plain, n = _IMAGE.subn(" ", plain)
        image = n > 0
    if "://" in plain:
        plain, n = _LINK.subn(" ", plain)
        url = n > 0
    if "[" in plain or "??" in plain or not plain.isascii():
        plain = _CODE.sub(" ", plain)
    plain = _BLANK.sub(" ", plain).strip()
    kind, asks = _kind(plain, image, url, bool(names))
    elliptical = kind is Kind.QUESTION and is_elliptical(plain)
    return Reading(kind, plain, asks, elliptical, names, quoted)


def _kind(plain: str, image: bool, url: bool, mentioned: bool) -> tuple[Kind, int]:
    core = _core(plain)
    if not core:
        if image or url:
            return (Kind.IMAGE if image else Kind.URL), 0
        # Lone question marks behind a mention are lost characters, alone they ask.
        asks = 1 if ("?" in plain or "？" in plain) and not mentioned else 0
        return Kind.ACKNOWLEDGEMENT, asks
    if len(core) <= 40:
        if _RED_PACKET.fullmatch(core):
            return Kind.RED_PACKET, 0
        if _SYSTEM.fullmatch(core):
            return Kind.SYSTEM, 0
        mark = plain[-1] in "?？"
        if not mark and len(core) <= 20:
            if _ACK.fullmatch(core):
                return Kind.ACKNOWLEDGEMENT, 0
            if _GREETING.fullmatch(core):
                return Kind.GREETING, 0
    asks = _asks(plain)
    if asks >= 2:
        return Kind.QUESTION, asks
    if image:
        return Kind.IMAGE, asks
    if url and len(core) < 12:
        return Kind.URL, asks
    if len(core) >= 30 and _ANNOUNCEMENT.search(core):
        return Kind.ANNOUNCEMENT, asks
    return Kind.STATEMENT, asks


def is_greeting(text: str) -> bool:
    """Whether a text only greets, or asks whether anybody is there."""
    reading = read(text)
    return reading.kind is Kind.GREETING or _ANYBODY.fullmatch(reading.plain) is not None


def is_elliptical(plain: str) -> bool:
    """Tell whether a question leans on what was said before it."""
    words = _WORD.findall(plain)
    if len(words) <= 4:
        return True
    return len(words) <= _ELLIPTICAL and _LEAN.match(_core(plain)) is not None

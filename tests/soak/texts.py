"""Makes hostile texts by chance: invented chat, with pieces that mean something to somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from knowledge.archive.contents import ZONE, read

SEEDS = Path(__file__).parent.parent.parent / "seeds"

LONGEST = 16_384
"""Characters: as long as a message of WeChat can be."""

PIECES = (
    # what SQLite's full-text search, its SQL and its LIKE read
    *('"', "'", '" OR question : *', "NEAR(a b, 3)", "a* AND NOT b", "^账", "{question}: x", "--"),
    *("'; drop table messages; --", "%", "_", "\\", "(", ")", "*", ":", "question:账"),
    # markup and what a page, a template or a terminal reads
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</li></ol><h1>", "&lt;b&gt;"),
    *("&#x0;", "&amp;" * 9, "{{ 7*7 }}", "{% for x in y %}", "javascript:alert(1)", "\x1b[31m"),
    *(
        "![图](http://a/b.png)",
        "![](",
        "[x](javascript:x)",
        "https://a.b/c?d=e#f",
        "http://" + "a" * 99,
    ),
    # quotes, mentions, codes and headers as the chat and the archive have them
    *(
        "「",
        "」",
        "「甲：",
        "「甲：乙」\n- - - - - - - - - -\n",
        "「「甲：乙」- - -：丙」\n-----\n",
        "——",
    ),
    *(
        "@",
        "@爬楼 ",
        "@爬楼\u2005",
        "@所有人\u2005",
        "@甲?",
        "@a ",
        "@\u2005",
        "[微笑]",
        "[",
        "]",
        "??",
    ),
    *(
        "\n> 09:00:00  甲  \n   \n",
        "> 25:99:61  甲  ",
        "> 09:00:00",
        ">",
        "\n---\n",
        "---\ndate: x\n",
    ),
    *(
        "group: ../../x\n",
        "date: 9999-99-99\n",
        "tag: [chat]\n",
        "a: &a [*a, *a]\n",
        "!!python/object",
    ),
    # commands and what is said about a reply
    *(
        "/forget-me all",
        "/forget\u3000",
        "/mode\tambient",
        "／status",
        "/answer 1 ",
        "/why\n\n",
        "/mute 9999d",
    ),
    *(
        "/threshold asked nan",
        "/forget a-20240101-000000.9",
        "更多",
        "有用",
        "1",
        "出处",
        "👍",
        "[强]",
    ),
    # questions, answers and retellings
    *(
        "请问",
        "吗？",
        "怎么",
        "是不是",
        "什么",
        "谢谢",
        "Q：",
        "A：",
        "问题1：",
        "答案：",
        "好的",
        "不",
        "？",
        "。",
    ),
    # characters that are not what they seem
    *(
        "\0",
        "\x01",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
    ),
    *(
        "\ud800",
        "\udfff",
        "\U0001f468\u200d\U0001f469",
        "🙃",
        "e\u0301",
        "\u0301" * 40,
        "Ａ",
        "ﬀ",
        "İ",
        "ß",
    ),
    *(
        "\u3000",
        "\u2005",
        "\xa0",
        "\t",
        "\r",
        "\n",
        "\r\n",
        " ",
        "𠮷",
        "〇",
        "₿",
        "ａ。",
        "͏",
        "\ufffd",
    ),
    # numbers, dates and places
    *(
        "9" * 25,
        "-1",
        "1e999",
        "٣",
        "0x7fffffffffffffff",
        "18446744073709551616",
        "2024-02-30",
        "24:00:00",
    ),
    *(
        "../../../etc/passwd",
        "..",
        "/",
        "C:\\",
        "a-20240301-075607",
        "paytalk-20240301-004933",
        "x.999",
    ),
)
"""What is put into texts: all that some part of Palou, or below it, gives a meaning to."""

SHAPES = (
    *(("「", " ", "x"), ("", "「a：", ""), ("", "@a ", ""), ("a", "。", "a"), ("", "> ", "x")),
    *(
        ("", "-", "「"),
        ("「a：", "- ", ""),
        ("", "Q：a A：b ", ""),
        ("是", "a", "还是"),
        ("", "好", "x"),
    ),
    *(
        ("", "![", ""),
        ("", "[", ""),
        ("", "&", ""),
        ("http://", "a", ""),
        ("", "谢", "不"),
        ("@", "a", ""),
    ),
    *(
        ("", "\n", "x"),
        ("", " \n", ""),
        ("", "啊", "吗"),
        ("能", "a", "不"),
        ("", "不是", "?"),
        ("", "?", "a"),
    ),
)
"""Beginnings, what is repeated, and ends, of which some have hung a bot before."""

_PLAIN = 0.06  # of all texts: as they were said
_LONG = 0.01  # up to the longest; the others are as short as chat is
_SHORT = 400  # characters
_CHANGES = 6  # to a text at most


class Texts:
    """A stream of texts by one chance."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._said = tuple(said())
        self._ways: tuple[Callable[[str], str], ...] = (
            *(self._with_piece, self._with_piece, self._with_piece, self._again, self._cut),
            *(self._quoting, self._nested, self._mixed, self._strewn, self._command),
        )

    def text(self) -> str:
        """The next text."""
        chance = self._chance
        text = chance.choice(self._said)
        if chance.random() < _PLAIN:
            return text
        for _ in range(chance.randint(1, _CHANGES)):
            text = chance.choice(self._ways)(text)[: 2 * LONGEST]
        if chance.random() < _LONG:
            return self.grown(chance.randint(_SHORT, LONGEST))
        return text[:_SHORT]

    def shape(self) -> tuple[str, str, str]:
        """What a long text is made of: a beginning, what is repeated, an end."""
        chance = self._chance
        if chance.random() < 0.5:
            return chance.choice(SHAPES)
        some = ["", *PIECES]
        return chance.choice(some), self.pieces(1, 3), chance.choice(some)

    def grown(self, length: int) -> str:
        """A shape of so many characters."""
        return grown(self.shape(), length)

    def pieces(self, least: int, most: int) -> str:
        """Some pieces in a row; not empty."""
        return "".join(self._chance.choices(PIECES, k=self._chance.randint(least, most)))

    def name(self) -> str:
        """A nickname, a topic or an id."""
        chance = self._chance
        plain = chance.choice(("林一一", "周大山-青瓦支付", "群主", "石头", "Mia 罗", "测试群"))
        return (
            plain if chance.random() < 0.5 else (plain + self.pieces(1, 3))[chance.randint(0, 9) :]
        )

    def _place(self, text: str) -> int:
        return self._chance.randint(0, len(text))

    def _with_piece(self, text: str) -> str:
        at = self._place(text)
        return text[:at] + self._chance.choice(PIECES) + text[at:]

    def _again(self, text: str) -> str:
        start, end = sorted((self._place(text), self._place(text)))
        return text[:end] + text[start:end] * self._chance.randint(1, 9) + text[end:]

    def _cut(self, text: str) -> str:
        start, end = sorted((self._place(text), self._place(text)))
        return text[:start] + text[end:]

    def _quoting(self, text: str) -> str:
        return f"「{self.name()}：{text}」\n- - - - - - - - - - - - - - -\n{self.pieces(1, 2)}"

    def _nested(self, text: str) -> str:
        depth = self._chance.randint(2, 12)
        return "「甲：" * depth + text + "」" * self._chance.randint(0, depth)

    def _mixed(self, text: str) -> str:
        other = self._chance.choice(self._said)
        return text[: self._place(text)] + other[self._place(other) :]

    def _strewn(self, text: str) -> str:
        return self._chance.choice(PIECES).join(text[:60])

    def _command(self, text: str) -> str:
        names = ("forget", "forget-me", "mode", "mute", "why", "status", "answer", "unmute", "desk")
        blank = self._chance.choice((" ", "\u3000", "\t", "\n", "\u2005", "", "  "))
        return f"/{self._chance.choice(names)}{blank}{text}"


def grown(shape: Sequence[str], length: int) -> str:
    """A text of so many characters: its beginning, what is repeated between, its end."""
    first, again, last = shape
    room = max(1, length - len(first) - len(last))
    return first + (again * (room // len(again) + 1))[:room] + last


def said() -> list[str]:
    """All that is said in the sample archive, whose people are invented."""
    found = [read(str(path), ZONE) for path in sorted(SEEDS.rglob("*.markdown"))]
    return [m.text for reading in found if reading for m in reading.messages if m.text]

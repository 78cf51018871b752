"""How a message replies, by its plain words: a bare yes or no, how it begins, thanks."""

from __future__ import annotations

import re

_YES = re.compile(
    r"\W*(?:嗯+|恩+|是的?|对的?|可以的?|没错的?|是啊|对啊|嗯\W?是的|有的?|没有|不是的?|不会|不能|yes|yep|no)\W*",
    re.IGNORECASE,
)
_AFFIRM = re.compile(r"\W*(?:嗯|恩|是|对|可以|没错|有|没|不|会|能|需要|应该|要)")
_LIST = re.compile(
    r"\W*(?:[0-9一二三四五六七八九十]{1,2}[、.．:：)）]|第[一二三四五六七八九十]|首先|其次|另外|最后)"
)
_CONJUNCTION = re.compile(
    r"\W*(?:但|不过|而且|所以|因为|如果|比如|就是|还有|那|其实|这|一般|目前|现在|主要)"
)
_THANKS = re.compile(r"谢|明白|了解|懂了|原来|好的|受教|学习了|知道了|清楚了")


def is_yes(plain: str) -> bool:
    """Tell whether a message is nothing but yes or no."""
    return len(plain) <= 8 and _YES.fullmatch(plain) is not None


def opening(plain: str) -> int:
    """Code how a message begins: 1 yes or no, 2 an item of a list, 3 a conjunction, 0 otherwise."""
    if _AFFIRM.match(plain):
        return 1
    if _CONJUNCTION.match(plain):
        return 3
    return 2 if _LIST.match(plain) else 0


def thanks(plain: str) -> bool:
    """Tell whether a message thanks or has understood; a long one does more than that."""
    return len(plain) < 40 and _THANKS.search(plain) is not None

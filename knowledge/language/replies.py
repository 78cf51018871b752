"""How a message replies, by its plain words: a bare yes or no, how it begins, thanks."""

from __future__ import annotations

import re

_PARTICLE = "[的啊呀哦呢吧啦嘛哈滴诶呐了]*"
_BARE = (
    "嗯+|恩+|唔+|对+|对头|是|没错|正确|确实|当然|必须|肯定|应该|可以|行|能|会|有|没|木有|没有|要|需要|支持|"
    "好像是|应该是|一般会|是这样|是这个意思|可以有|不|不是|并?不是|不会|不能|不行|不可以|不用|不需要|不要|不必|不对|不一定|"
    "未必|不应该|不支持|不可能|还?没|还没有|没有过|没必要|差不多|没问题|那是|yes|yep|yeah|no|nope"
)
_YES = re.compile(rf"\W*(?:(?:{_BARE}){_PARTICLE}\W*){{1,3}}", re.IGNORECASE)
"""Nothing but yes or no, said up to three times: particles and punctuation add nothing."""

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

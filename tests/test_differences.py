"""A question that differs in one name from an archived one is another question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.loading.load import load
from knowledge.matching.match import Matcher
from knowledge.store.schema import connect
from tests.chats import Said, put

TOLD, HEDGED = 0.8, 0.3
"""Confidences from which on a match is told, and told with a doubt."""

KNOWN = {
    "工行快捷支付单笔限额是多少？": "单笔五千，单日两万",
    "T+1结算一般几点到账？": "第二天上午十点以前",
    "对公账户开户要带哪些材料？": "营业执照正本和法人身份证",
    "微信扫码的费率现在是多少？": "千分之六，特殊行业另谈",
    "北门的快递柜晚上几点关？": "十点就锁了，急的话找门卫",
    "信用卡分期提前还款还收手续费吗？": "收的，剩下几期的也要交",
    "左膝外侧跑完步疼怎么办？": "先停两周，冰敷，多半是髂胫束",
    "上海到大阪的船几天到？": "三天，周二周六开船",
    "报错 E1042 是什么原因？": "证书过期了，换一张就行",
    "Ubuntu 22 怎么装驱动？": "用自带的附加驱动就可以",
}
AGAIN = {
    "工行快捷单笔限额多少": "工行",
    "工行快捷支付一笔最多能付多少": "工行",
    "t1结算几点能到账呀": "T+1",
    "微信扫码费率": "微信",
    "北门快递柜几点关门": "北门",
    "上海 大阪 船 几天": "大阪",
}
ANOTHER = [
    "建行快捷支付单笔限额是多少",
    "农行快捷支付单笔限额是多少？",
    "T+0结算一般几点到账？",
    "支付宝扫码的费率现在是多少？",
    "个人账户开户要带哪些材料？",
    "南门的快递柜晚上几点关？",
    "借记卡分期提前还款还收手续费吗",
    "右膝外侧跑完步疼怎么办？",
    "上海到釜山的船几天到？",
    "报错 E2077 是什么原因？",
    "Ubuntu 20 怎么装驱动？",
]

Small = Callable[[int], Matcher]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Asks an archive of so many exchanges."""

    def asking(exchanges: int) -> Matcher:
        said: list[Said] = []
        for i, (question, answer) in enumerate([*KNOWN.items()][:exchanges]):
            said.append((f"{9 + i}:00:00".zfill(8), f"林一{i}", question))
            said.append((f"{9 + i}:01:00".zfill(8), "周大山", f"@林一{i}?{answer}"))
        put(tmp_path / "paytalk", "2024-03-01", said)
        load(tmp_path / "small.db", [tmp_path / "paytalk"])
        return Matcher(connect(tmp_path / "small.db"))

    return asking


@pytest.mark.parametrize("exchanges", [3, 10])
def test_a_small_archive_is_sure_of_what_it_knows(small: Small, exchanges: int) -> None:
    ask = small(exchanges).ask
    for text in [*KNOWN][:exchanges]:
        best = ask(text)[0]
        assert (best.exchange.lead.text, best.confidence >= TOLD) == (text, True)


def test_other_words_lead_to_the_same_question(small: Small) -> None:
    ask = small(10).ask
    best = {text: ask(text)[0] for text in AGAIN}
    assert all(AGAIN[text] in m.exchange.lead.text for text, m in best.items())
    assert [text for text, m in best.items() if m.confidence < HEDGED] == []
    assert sum(m.confidence >= TOLD for m in best.values()) >= len(AGAIN) - 1


def test_what_shares_one_word_is_not_told(small: Small) -> None:
    assert small(10).ask("第三方支付牌照多少钱")[0].confidence < TOLD


@pytest.mark.parametrize("exchanges", [3, 10])
def test_another_name_at_its_place_is_not_told(small: Small, exchanges: int) -> None:
    ask = small(exchanges).ask
    told = [text for text in ANOTHER if any(m.confidence >= TOLD for m in ask(text))]
    assert told == []

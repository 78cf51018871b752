"""What kind of message a text is, whom it mentions, what it quotes, what it retells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.kinds import Kind, mentions, read, retold


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("代付失败以后多久能退回来？", Kind.QUESTION),
        ("请教一下，二类户入金显示哪个户名呢", Kind.QUESTION),
        ("这个接口要不要加签", Kind.QUESTION),
        ("一般当天就退，最晚第二天", Kind.STATEMENT),
        ("@沈知渔-蓝鲸支付-架构-成都?答案在昨天的记录里", Kind.STATEMENT),
        ("[强][强]", Kind.ACKNOWLEDGEMENT),
        ("@沈知渔-蓝鲸支付-架构-成都?谢谢", Kind.ACKNOWLEDGEMENT),
        ("好的，明白了", Kind.ACKNOWLEDGEMENT),
        ("+1", Kind.ACKNOWLEDGEMENT),
        ("哈哈哈", Kind.ACKNOWLEDGEMENT),
        ("各位早上好", Kind.GREETING),
        ("![2024-03-01 08:07:21](http://img.example.com/a.png)", Kind.IMAGE),
        ("https://example.org/a.html", Kind.URL),
        ("微信红包", Kind.RED_PACKET),
        ("“知渔”邀请“小新人”加入了群聊", Kind.SYSTEM),
        (
            "今晚分享预告：主讲嘉宾是阿柒，主题是对账系统的那些坑，八点准时开始，请大家签到",
            Kind.ANNOUNCEMENT,
        ),
        ("", Kind.ACKNOWLEDGEMENT),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
    assert read(text).kind is kind


def test_a_rhetorical_question_in_an_answer_asks_nothing() -> None:
    assert read("难道还能让商户自己垫？肯定是平台先垫上").kind is Kind.STATEMENT


def test_an_elliptical_question_is_told() -> None:
    assert read("那是不是也要备案？").elliptical
    assert not read("小额支付系统周末能不能做跨行的实时代付清算？").elliptical


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@杨楠-木棉商服-产品-长沙?我们是按日结", ("杨楠-木棉商服-产品-长沙",)),
        ("@杨楠-木棉商服-产品-长沙\u2005我们是按日结", ("杨楠-木棉商服-产品-长沙",)),
        ("@杨楠-木棉商服-产品-长沙  我们是按日结吗?", ("杨楠-木棉商服-产品-长沙",)),
        ("要不要备案？@石磊磊-石榴金服-风控-杭州", ("石磊磊-石榴金服-风控-杭州",)),
        ("@罗米娅?@程紫-飞梭-财务-厦门?在吗", ("罗米娅", "程紫-飞梭-财务-厦门")),
        ("@Mia 罗-飞梭-运营?有的", ("Mia 罗-飞梭-运营",)),
        ("@鹿野-鹿鸣- CTO?收到", ("鹿野-鹿鸣- CTO",)),
        ("发到 someone@example.com 就行", ()),
    ],
)
def test_mentions(text: str, names: tuple[str, ...]) -> None:
    assert mentions(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "「吴海珀-青橙-研发-苏州：退款走原路吗」 - - - - - - - - - - - - - - - 走的",
        "「 吴海珀-青橙-研发-苏州: 退款走原路吗 」\n------------------------------\n走的",
        "「吴海珀-青橙-研发-苏州：退款走原路吗 - - - - - - - - - - - - - - -?走的",
    ],
)
def test_quotes(text: str) -> None:
    found = read(text)
    assert found.quote is not None
    assert (found.quote.name, found.quote.words) == ("吴海珀-青橙-研发-苏州", "退款走原路吗")
    assert found.plain == "走的"


def test_retold_pairs() -> None:
    text = "昨晚整理：\nQ：手续费谁出？\nA：商户出\nQ2：能开票吗\nA2：能，月底统一开"
    assert retold(text) == (("手续费谁出？", "商户出"), ("能开票吗", "能，月底统一开"))
    assert retold("没有什么可说的：真的") == ()


def test_a_retold_pair_has_both_its_halves() -> None:
    assert retold("A：商户出\nQ：\nA：月底开\nQ：能退吗\nA：\nA：能，原路退") == (
        ("能退吗", "能，原路退"),
    )


@given(st.one_of(st.text(), st.text(alphabet="@?- 「」：:QA问答？\n张三", max_size=60)))
def test_any_text_is_read(text: str) -> None:
    assert 0 <= read(text).asks <= 3
    assert all(q and a for q, a in retold(text))

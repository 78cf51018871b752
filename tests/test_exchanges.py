"""Who answered what, in invented chats: a test for each kind of evidence."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.linking.exchanges import build
from knowledge.linking.people import People, people_of
from knowledge.model import Citation, Exchange, Message

from .chat import chat


def led_by(day: list[Message], time: str, after: list[Message] | None = None) -> Exchange:
    """Build a day and find the exchange that the message of this time leads."""
    people = people_of([day, after or []])
    found = build(day, [], after or [], people)
    return next(e for e in found if e.lead.citation.time == time and not e.retold)


def cited(e: Exchange) -> list[str]:
    return [a.message.citation.time for a in e.answers]


def test_the_next_words_of_somebody_else_answer() -> None:
    day = chat("""
        09:00:00 阿柒: 请问一下代付失败的钱多久退回商户余额？
        09:00:50 harper_w: 我们是当天日切以后自动退回余额，不用人工处理
        09:01:10 阿柒: 好的，谢谢
        15:00:00 石头: 今天下午楼下停电了
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:00:50"]


def test_a_mention_tells_interleaved_answers_apart() -> None:
    day = chat("""
        09:00:00 阿柒: 请问二类户入金有没有限额？
        09:00:20 石头: 请教各位，聚合码的台卡店名在哪里改？
        09:02:00 harper_w: @阿柒?入金单日一万，绑定账户划入的不限额
        09:03:00 Mia 罗: @石头?店名在进件资料里改，审核通过后生效
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:02:00"]
    assert "09:03:00" in cited(led_by(day, "09:00:20"))


def test_an_answer_hours_later_in_the_night_counts() -> None:
    day = chat("""
        01:10:00 阿柒: 请问网关升级以后旧证书还能用吗？
        08:20:00 harper_w: @阿柒?旧证书能用到月底，月底以后就必须换新的
    """)
    assert cited(led_by(day, "01:10:00")) == ["08:20:00"]


def test_the_next_day_answers_with_a_mention() -> None:
    day = chat("23:30:00 阿柒: 请问旧的对账文件还能补下载吗？")
    after = chat("08:30:00 harper_w: @阿柒?能补下载，最近九十天的都留着", "2024-03-02")
    e = led_by(day, "23:30:00", after)
    assert [a.message.citation for a in e.answers] == [after[0].citation]


def test_a_yes_is_cited_with_the_guess_that_it_confirms() -> None:
    day = chat("""
        10:30:00 阿柒: @Mia 罗?你们现在给商户的费率是多少
        10:30:20 阿柒: 千四？
        10:31:30 Mia 罗: 嗯
    """)
    assert cited(led_by(day, "10:30:00")) == ["10:30:20", "10:31:30"]


def test_a_bare_yes_is_looked_for_where_nothing_else_links_it() -> None:
    day = chat("""
        10:30:00 阿柒: 你们的对账文件要自己下载吗
        10:30:05 石头: [强]
        10:30:40 Mia 罗: 嗯，对的
        10:31:00 石头: 今天楼下停电了
    """)
    e = led_by(day, "10:30:00")
    assert cited(e) == ["10:30:40"]
    assert e.sureness > 0.9


def test_a_bare_yes_does_not_say_how_much() -> None:
    day = chat("""
        10:30:00 阿柒: 你们给商户的费率是多少
        10:30:40 Mia 罗: 是的
        10:31:00 harper_w: 我们给的是千分之三点八
    """)
    assert "10:30:40" not in cited(led_by(day, "10:30:00"))


def test_a_reply_that_quotes_the_question_is_certain_however_far() -> None:
    talk = "".join(
        f"10:{minute}:00 鹿野: 第{minute}页讲机房搬迁，先搬冷备\n" for minute in range(10, 55)
    )
    day = chat(f"""
        10:00:00 阿柒: 旧的对账文件还能补下载吗？
        {talk}
        10:58:00 harper_w: 「阿柒：旧的对账文件还能补下载吗？」 - - - - - - - - 最近九十天的都留着
    """)
    e = led_by(day, "10:00:00")
    assert "10:58:00" in cited(e) and e.sureness > 0.9


def test_a_quote_that_asks_back_or_thanks_answers_nothing() -> None:
    day = chat("""
        10:00:00 阿柒: 旧的对账文件还能补下载吗？
        10:01:00 harper_w: 「阿柒：旧的对账文件还能补下载吗？」 - - - - - - - - 你是哪家通道的？
        10:02:00 石头: 「阿柒：旧的对账文件还能补下载吗？」 - - - - - - - - 谢谢
    """)
    assert cited(led_by(day, "10:00:00")) == []


def test_a_reply_that_names_one_asker_is_not_the_others() -> None:
    day = chat("""
        09:00:00 阿柒: 请问备付金以后都要交存到央行吗？
        09:00:30 石头: 请问外人能去听这个培训吗？
        09:01:00 harper_w: @阿柒?都要交存的，账户在央行开
        09:02:00 Mia 罗: @石头?外人要找主办方登记
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:01:00"]
    assert cited(led_by(day, "09:00:30")) == ["09:02:00"]


def test_another_persons_question_answers_nothing() -> None:
    day = chat("""
        09:00:00 阿柒: 请问工行网银单笔能到多少？
        09:05:00 石头: 建行网银单笔能到多少？
        09:06:00 Mia 罗: 五十万，柜台能再调高
    """)
    assert "09:05:00" not in cited(led_by(day, "09:00:00"))


def test_a_message_that_two_accounts_exported_is_one() -> None:
    day = chat("""
        09:00:00 阿柒: 请问代付失败的手续费会退回吗？
        09:00:03 柒柒-支付产品: 请问代付失败的手续费会退回吗？
        09:01:00 harper_w: 不退，手续费在受理时就收了
        09:01:02 哈珀-渠道: 不退，手续费在受理时就收了
    """)
    found = build(day, [], [], people_of([day]))
    assert [e.lead.citation.time for e in found if e.lead.text.startswith("请问")] == ["09:00:00"]
    assert cited(led_by(day, "09:00:00")) == ["09:01:00"]


def test_a_message_that_repeats_a_question_and_answers_it_is_cited() -> None:
    day = chat("""
        09:00:00 阿柒: 请问代付失败的手续费会退回吗
        09:00:40 石头: 今天楼下停电了
        09:01:00 Mia 罗: 晚点一起去吃饭，订了靠窗的位子
        15:20:00 harper_w: 问题：代付失败的手续费会退回吗？ 回答：不退，手续费在受理时就收了
    """)
    answer = led_by(day, "09:00:00").answers[-1]
    assert answer.message.citation.time == "15:20:00"
    assert answer.probability > 0.9


def test_what_is_said_to_another_asker_is_not_cited() -> None:
    day = chat("""
        09:00:00 阿柒: 请问备付金以后都要交存到央行吗？
        09:01:00 harper_w: @阿柒?都要交存，备付金账户在央行开
        09:02:00 石头: @harper_w?这个培训在哪里办的，外人能去听吗？
        09:03:00 harper_w: 在上海，名额按机构分
        09:04:00 harper_w: @石头?外人要找主办方登记
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:01:00"]
    assert {"09:03:00", "09:04:00"} <= set(cited(led_by(day, "09:02:00")))


def test_a_talk_behind_a_question_that_nobody_answered_does_not_answer_it() -> None:
    talk = "".join(
        f"20:{minute}:00 鹿野: 第{minute}页讲机房搬迁，先搬冷备再切流量，每晚演练一遍\n"
        for minute in range(30, 50, 2)
    )
    asked = "17:20:00 阿柒: 请问代付失败的手续费退不退？\n"
    answered = "17:21:00 harper_w: @阿柒?代付失败手续费照收，不退的\n"
    day = f"09:00:00 Mia 罗: 早\n{asked}{{}}19:55:00 Mia 罗: 一会儿鹿野分享\n{talk}"
    alone = led_by(chat(day.format("")), "17:20:00")
    told = led_by(chat(day.format(answered)), "17:20:00")
    assert alone.sureness < 0.4 < 0.7 < told.sureness
    assert max(told.answers, key=lambda a: a.probability).message.citation.time == "17:21:00"


def test_thanks_pictures_and_red_packets_are_no_answers() -> None:
    day = chat("""
        09:00:00 阿柒: 请问清算文件几点能下载？
        09:00:10 石头: [强]
        09:00:20 Mia 罗: 微信红包
        09:00:30 石头: 谢谢
        09:01:00 harper_w: 一般早上九点半以后，节假日会晚一点
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:01:00"]


def test_disagreement_is_kept() -> None:
    day = chat("""
        09:00:00 阿柒: 请问虚拟户之间转账要不要上报？
        09:01:00 harper_w: 要上报的，跟实体户是一样的口径
        09:02:00 石头: 不对，虚拟户是内部记账，不用上报
    """)
    assert cited(led_by(day, "09:00:00")) == ["09:01:00", "09:02:00"]


def test_a_question_can_spread_over_messages() -> None:
    day = chat("""
        09:00:00 阿柒: 请教一个问题，主账户被冻结的时候
        09:00:15 阿柒: 子账户还能不能出金？
        09:02:00 harper_w: 看冻结类型，司法冻结就都不能出
    """)
    e = led_by(day, "09:00:00")
    assert [m.citation.time for m in e.question] == ["09:00:00", "09:00:15"]


def test_an_elliptical_question_brings_its_context() -> None:
    day = chat("""
        09:00:00 阿柒: 境外商户的退款走原来的通道退回去
        09:00:30 阿柒: 那汇率怎么算？
        09:02:00 harper_w: 按退款当天的牌价算，差额记汇兑损益
    """)
    assert [m.citation.time for m in led_by(day, "09:00:30").context] == ["09:00:00"]


def test_a_statement_that_was_answered_is_asked_less() -> None:
    day = chat("""
        09:00:00 阿柒: 我理解备案只要在开户行做一次
        09:01:00 harper_w: 不止，换了开户行就要重新备案
        14:00:00 石头: 请问分账的比例上限在哪里看？
        14:01:00 Mia 罗: 商户平台的分账菜单里写着，默认三成
    """)
    statement, question = led_by(day, "09:00:00"), led_by(day, "14:00:00")
    assert cited(statement) == ["09:01:00"]
    assert statement.sought < question.sought


def test_a_remark_that_nobody_would_look_up_leads_nothing() -> None:
    day = chat("""
        09:00:00 阿柒: 请问代付失败的手续费会退回吗
        09:00:40 石头: 今天楼下停电了
        09:01:00 Mia 罗: 晚点一起去吃饭，订了靠窗的位子
    """)
    found = build(day, [], [], people_of([day]))
    assert [e.lead.citation.time for e in found] == ["09:00:00"]


def test_a_retold_pair_is_an_exchange() -> None:
    day = chat("09:00:00 我: Q：能不能跨行冲正？ A：不能，只能发起退货")
    retold = [e for e in build(day, [], [], People({})) if e.retold]
    assert [(e.lead.text, e.answers[0].message.text) for e in retold] == [
        ("能不能跨行冲正？", "不能，只能发起退货")
    ]


MESSAGES = st.lists(
    st.tuples(
        st.integers(0, 86399),
        st.sampled_from(["阿柒", "harper_w", "石头??", "我"]),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(["请问怎么退款？", "@石头?原路退", "嗯", "[强]", "先查单再退", "是吗"]),
        ),
    ),
    max_size=40,
)


def day_of(rows: list[tuple[int, str, str]], date: str) -> list[Message]:
    seen: Counter[str] = Counter()
    day = []
    for at, speaker, text in sorted(rows):
        time = f"{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"
        day.append(Message(Citation("paytalk", date, time, seen[time]), speaker, text))
        seen[time] += 1
    return day


@settings(max_examples=60)
@given(MESSAGES, MESSAGES, MESSAGES)
def test_no_message_is_lost_or_led_by_twice(
    before: list[tuple[int, str, str]],
    rows: list[tuple[int, str, str]],
    after: list[tuple[int, str, str]],
) -> None:
    days = [
        day_of(before, "2024-02-29"), day_of(rows, "2024-03-01"), day_of(after, "2024-03-02")
    ]  # fmt: skip
    people = people_of(days)
    exchanges = build(days[1], days[0], days[2], people)
    leads = Counter(e.lead.citation for e in exchanges if not e.retold)
    assert set(leads.values()) <= {1}
    assert set(leads) <= {m.citation for m in days[1]}
    known = {m.citation for d in days for m in d}
    for e in exchanges:
        answers = [a.message.citation for a in e.answers]
        assert answers == sorted(set(answers)) and set(answers) <= known
        assert e.lead.citation not in answers or e.retold
        assert all(0 <= a.probability <= 1 for a in e.answers)
    asking = [m.citation for m in days[1] if m.text == "请问怎么退款？"]
    for earlier, c in pairwise([None, *asking]):  # what stands right behind its like is an echo
        assert c in leads or (earlier and c and c.seconds - earlier.seconds <= 30)


def test_a_day_does_not_depend_on_what_was_built_before() -> None:
    one = chat("09:00:00 阿柒: 请问怎么退款？\n09:01:00 石头: 在后台点退款就行")
    two = chat("09:00:00 阿柒: 请问怎么开票？\n09:01:00 石头: 月底统一开票", "2024-03-02")
    people = people_of([one, two])
    first = build(one, [], two, people)
    build(two, one, [], people)
    assert build(one, [], two, people) == first

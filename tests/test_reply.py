"""The reply as the group reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import mul

from hypothesis import given
from hypothesis import strategies as st

from bot.reply import texts
from bot.reply.excerpt import CHARACTERS, excerpts, source
from bot.reply.reply import MESSAGE_CHARACTERS, MESSAGES, asked_again, hedged, messages, told
from knowledge.matching.match import Match
from knowledge.model import Answer, Citation, Exchange, Message

DATE = "2024-05-06"


def message(time: str, speaker: str, text: str, date: str = DATE) -> Message:
    return Message(Citation("teahouse", date, time), speaker, text)


def exchange(*answers: tuple[str, str, str, float], question: str = "对账文件几点出？") -> Exchange:
    return Exchange(
        (message("09:00:00", "林一一", question),),
        tuple(Answer(message(t, who, text), p) for t, who, text, p in answers),
    )


def pages(asked: Exchange, permalink: str = "", notes: Sequence[str] = ()) -> list[str]:
    return [page.text() for page in excerpts(asked, permalink, notes)]


def excerpt(asked: Exchange) -> str:
    return pages(asked)[0]


def test_an_excerpt_says_who_asked_who_answered_when_and_where() -> None:
    reply = excerpt(exchange(("09:03:00", "周大山", "十点以后。", 0.9)))
    assert reply == (
        "有人问过：对账文件几点出？\n"
        "—— 林一一，2024-05-06 09:00，teahouse\n"
        "▸ 周大山 09:03\n"
        "十点以后。\n"
        "原文：teahouse-20240506-090000"
    )


def test_the_link_follows_the_operators_template() -> None:
    permalink = "https://example.org/{group}/{date}#{citation}"
    assert source(Citation("g", DATE, "09:00:00"), permalink) == (
        "https://example.org/g/2024-05-06#g-20240506-090000"
    )


def test_a_link_holds_the_groups_name_as_a_url_does() -> None:
    cited = source(Citation("支付#1", DATE, "09:00:00"), "https://example.org/m/{citation}")
    assert cited == "https://example.org/m/%E6%94%AF%E4%BB%98%231-20240506-090000"


def test_an_answer_of_another_day_shows_its_date() -> None:
    x = exchange()
    late = Answer(message("08:41:00", "周大山", "问到了", date="2024-05-07"), 0.9)
    assert "▸ 周大山 05-07 08:41" in excerpt(Exchange(x.question, (late,)))


def test_speakers_who_disagree_are_both_shown() -> None:
    reply = excerpt(
        exchange(
            ("09:03:00", "周大山", "要放。", 0.9),
            ("09:30:00", "周大山", "肯定要放。", 0.9),
            ("09:50:00", "周大山", "我再说一遍，要放。", 0.9),
            ("10:10:00", "周大山", "第四遍。", 0.9),
            ("11:00:00", "吴小溪", "不用放。", 0.6),
        )
    )
    assert "吴小溪" in reply
    assert "不用放。" in reply


def test_what_more_would_show_is_counted_and_shown() -> None:
    many = exchange(*((f"{10 + i}:00:00", f"人{i}", f"答{i}。", 0.5) for i in range(7)))
    first, second = pages(many)
    assert first.count("答") == 5 and "还有 2 条，回复「更多」" in first
    assert second.count("答") == 2 and "更多" not in second
    assert all((first + second).count(f"答{i}。") == 1 for i in range(7))


def test_the_surest_lines_come_first_and_unsure_ones_only_when_asked_for() -> None:
    answers = [(f"{10 + i}:00:00", f"人{i}", f"第{i}种答法。", p) for i, p in enumerate(
        (0.05, 0.9, 0.2, 0.5, 0.15)
    )]  # fmt: skip
    first, second = pages(exchange(*answers))
    assert [i for i in range(5) if f"第{i}种" in first] == [1, 3]
    assert [i for i in range(5) if f"第{i}种" in second] == [0, 2, 4]


def test_of_what_one_says_in_a_row_the_line_that_answers_is_shown() -> None:
    reply = excerpt(
        exchange(
            ("09:03:00", "周大山", "这个我们上个月刚好碰到过。", 0.1),
            ("09:03:20", "周大山", "十点以后才有。", 0.8),
            ("09:03:40", "周大山", "不过节假日不出。", 0.5),
        )
    )
    assert "▸ 周大山 09:03\n十点以后才有。\n不过节假日不出。" in reply
    assert "上个月" not in reply and "还有 1 条" in reply


def test_an_answer_is_quoted_once_whatever_its_speaker_is_called() -> None:
    reply = excerpt(
        exchange(
            ("09:03:00", "周大山", "早上十点以后能下载。", 0.8),
            ("09:03:02", "大山-青瓦支付", "早上十点以后能下载。", 0.8),
        )
    )
    assert reply.count("早上十点以后能下载。") == 1 and "更多" not in reply


def test_what_was_no_question_is_headed_so() -> None:
    said = exchange(("09:03:00", "周大山", "嗯，央行管。", 0.9), question="备付金不会放到网联")
    assert excerpt(said).startswith("有人说过：备付金不会放到网联\n")


def test_a_question_that_leans_on_its_conversation_is_shown_with_that() -> None:
    x = exchange(("09:03:00", "周大山", "能的。", 0.9), question="这个账户能提现吗？")
    leaning = replace(x, context=(message("08:59:00", "林一一", "待清算户里还有钱"),))
    assert "（接着这些话说的：待清算户里还有钱）" in excerpt(leaning).splitlines()


def test_a_note_stands_on_the_first_page() -> None:
    noted = pages(exchange(("09:03:00", "周大山", "十点。", 0.9)), notes=["（去年也问过）"])
    assert noted[0].splitlines()[2] == "（去年也问过）"


def test_where_nobody_may_have_answered_the_reply_says_so() -> None:
    unsure = excerpt(exchange(("09:03:00", "周大山", "今晚有分享。", 0.25)))
    assert texts.UNSURE in unsure and "今晚有分享" in unsure
    nobody = excerpt(exchange(("09:03:00", "周大山", "今晚有分享。", 0.05)))
    assert texts.NOBODY_ANSWERED in nobody and "今晚有分享" not in nobody
    assert "没看到" not in excerpt(exchange(("09:03:00", "周大山", "十点。", 0.6)))


def test_answers_of_another_question_come_last_and_under_its_name() -> None:
    x = exchange(("09:03:00", "周大山", "十点。", 0.6))
    lent = (Answer(message("09:02:30", "何小满", "在后台的账单那一页。"), 0.5),)
    other = Exchange((message("09:02:00", "吴溪", "对账文件在哪下载？"),), lent)
    (page,) = told(Match(x, 0.9, nearby=(other,)))
    assert page.text.splitlines()[2:6] == [
        "▸ 周大山 09:03",
        "十点。",
        "也有人问：对账文件在哪下载？（09:02）",
        "▸ 何小满 09:02",
    ]
    assert [c.time for c in page.shown] == ["09:03:00", "09:02:30"]
    remark = replace(other, question=(message("09:02:00", "吴溪", "对账文件在后台下载"),))
    assert "也有人说：对账文件" in told(Match(x, 0.9, nearby=(remark,)))[0].text


def test_unsure_answers_of_another_question_wait_for_who_wants_more() -> None:
    x = exchange(("09:03:00", "周大山", "十点。", 0.6))
    lent = (Answer(message("09:02:30", "何小满", "在后台的账单那一页。"), 0.1),)
    other = Exchange((message("09:02:00", "吴溪", "对账文件在哪下载？"),), lent)
    first, second = told(Match(x, 0.9, nearby=(other,)))
    assert "也有人问" not in first.text and "还有 1 条" in first.text
    assert second.text.startswith("也有人问：对账文件在哪下载？（09:02）\n▸ 何小满")


def test_a_doubt_is_said_with_a_shorter_excerpt_and_questions_to_choose_from() -> None:
    x = exchange(*((f"09:0{n}:00", f"人{n}", f"第{n}种答法。", 0.9 - n / 10) for n in range(1, 5)))
    other = Match(exchange(question="对账文件在哪下载？"), 0.15)
    first, whole = hedged(Match(x, 0.3), [other], "对账文件")
    assert first.text.startswith("不太确定，最接近的是：\n有人问过：对账文件几点出？")
    assert [i for i in range(1, 5) if f"第{i}种" in first.text] == [1, 2]
    assert first.text.endswith(
        "也可能想问（回复数字看回答）：\n1. 对账文件在哪下载？（2024-05-06）"
    )
    assert all(f"第{i}种" in whole.text for i in range(1, 5))
    assert len(first.shown) == 2


def test_a_long_answer_goes_on_where_it_was_cut() -> None:
    long = "".join(f"这是第{i}句话，不长也不短。" for i in range(40))
    found = pages(exchange(("09:03:00", "周大山", long, 0.9)))
    assert all("".join(found).count(f"第{i}句") == 1 for i in range(40))


def test_a_guess_that_was_confirmed_stands_in_the_question_alone() -> None:
    guess = message("09:01:00", "林一一", "十点？")
    x = exchange(("09:03:00", "周大山", "嗯", 0.9))
    both = Exchange((*x.question, guess), (Answer(guess, 0.8), *x.answers))
    assert excerpt(both).count("十点？") == 1
    assert "▸ 周大山 09:03\n嗯" in excerpt(both)


def test_an_answer_of_an_image_alone_is_named_as_such() -> None:
    image = "![2024-05-06 09:03:00](http://img.example.com/1.png)"
    assert "（图片，见原文）" in excerpt(exchange(("09:03:00", "周大山", image, 0.9)))


def test_an_answer_of_an_emoji_alone_is_not_quoted() -> None:
    reply = excerpt(
        exchange(("09:03:00", "周大山", "[强]", 0.9), ("09:04:00", "吴溪", "十点", 0.5))
    )
    assert "周大山" not in reply


def test_a_long_answer_is_cut_at_a_sentence() -> None:
    long = "这一句话正好有十二个字啊。" * 40
    reply = excerpt(exchange(("09:03:00", "周大山", long, 0.9)))
    assert reply.count("这一句话正好有十二个字啊。") >= 5
    assert "字啊。\n还有 1 条" in reply


def again(date: str, answer: str, probability: float = 0.9, who: str = "何小满") -> Exchange:
    """The usual question, asked on another day."""
    said = message("10:01:00", "周大山", answer, date)
    asked = message("10:00:00", who, "对账文件几点出？", date)
    return Exchange((asked,), (Answer(said, probability),) if answer else ())


def test_a_question_asked_several_times_is_told_newest_first() -> None:
    old, new = again("2024-01-01", "九点。"), again("2024-07-01", "八点。")
    between = exchange(("09:03:00", "周大山", "十点。", 0.9))
    first, second, third = told(Match(between, 0.9, repeats=(new, old)))
    assert "这个问题问过 3 次，这是最近一次，另见" in first.text
    assert "teahouse-20240506-090000、teahouse-20240101-100000" in first.text
    assert "八点。" in first.text and "还有 2 条" in first.text
    assert "十点。" in second.text and second.exchange == between
    assert "九点。" in third.text and "更多" not in third.text
    assert third.text.endswith("原文：teahouse-20240101-100000")


def test_an_answer_that_nobody_is_sure_of_stands_behind_a_sure_one() -> None:
    sure, unsure = again("2024-01-01", "九点。"), again("2024-07-01", "不清楚。", 0.2)
    first, second = told(Match(sure, 0.9, repeats=(unsure,)))
    assert "九点。" in first.text and "不清楚。" in second.text
    assert "问过 2 次，另见" in first.text and "最近一次" not in first.text


def test_what_was_asked_again_without_an_answer_of_its_own_is_no_other_time() -> None:
    first = again("2024-05-06", "八点。")
    same_answer = Exchange((message("10:00:30", "吴溪", "对账文件几点出"),), first.answers)
    nothing = again("2024-07-01", "")
    himself = again("2024-05-06", "十点半。")
    told_as = asked_again(Match(first, 0.9, repeats=(nothing, same_answer, himself)))
    assert told_as == [first]
    assert "这个问题问过" not in told(Match(first, 0.9))[0].text


def test_where_the_best_match_has_no_answer_another_time_is_told() -> None:
    answered = again("2024-01-01", "九点。")
    (page,) = told(Match(again("2024-07-01", ""), 0.9, repeats=(answered,)))
    assert "九点。" in page.text and "这个问题问过" not in page.text


def test_a_text_is_sent_line_by_line_as_three_messages_at_most() -> None:
    lines = [f"第{n}行。{'长' * 400}" for n in range(5)]
    assert messages("\n".join(lines[:3])) == lines[:3]
    assert messages("\n".join(lines)) == [*lines[:2], f"{lines[2]}…"]


@given(st.builds(mul, st.text(max_size=60), st.integers(1, 80)))
def test_however_long_a_text_is_its_messages_are_few_and_short(text: str) -> None:
    sent = messages(text)
    assert len(sent) <= MESSAGES
    assert all(0 < len(message) <= MESSAGE_CHARACTERS for message in sent)
    assert bool(sent) == bool(text.strip())


_words = st.text(max_size=250)


@given(_words, st.lists(st.tuples(st.text(min_size=1, max_size=40), _words), max_size=9))
def test_a_reply_is_never_much_longer_than_a_phone_shows(
    question: str, answers: list[tuple[str, str]]
) -> None:
    said = [(f"10:{i:02}:00", who, text, i / 10) for i, (who, text) in enumerate(answers)]
    for page in pages(exchange(*said, question=question)):
        assert len(page) <= CHARACTERS

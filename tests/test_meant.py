"""How near messages are in what they mean: an answer seldom repeats a word of its question."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.linking.exchanges import scene_of
from knowledge.linking.meant import Meant
from knowledge.linking.people import Census
from knowledge.linking.scene import Scene
from knowledge.model import Citation, Message


def scene(said: list[tuple[str, str]]) -> Scene:
    """A day on which these were said, a minute apart."""
    day = [
        Message(Citation("tea", "2024-05-06", f"{9 + i // 60:02}:{i % 60:02}:00"), who, text)
        for i, (who, text) in enumerate(said)
    ]
    return scene_of(day, [], [], Census().people())


TALK = [
    ("阿青", "昨晚的球赛你们看了没有"),
    ("海蓝", "笔记本开机特别慢，有什么办法吗"),
    ("石花", "进球那一下太精彩了"),
    ("阿青", "守门员扑得也好"),
    ("白茶", "加一条内存，再把硬盘换成固态"),
    ("石花", "晚上吃什么"),
]
FOOTBALL, ASKED, GOAL, KEEPER, ANSWER, DINNER = range(6)


def test_an_answer_is_nearer_to_its_question_than_others_talk() -> None:
    near = Meant(scene(TALK)).near(ASKED, [GOAL, KEEPER, ANSWER, DINNER], [False] * 4)
    goal, keeper, answer, dinner = near
    assert answer.question > max(x.question for x in (goal, keeper, dinner)) + 0.1
    assert goal.before > 0 > answer.before  # the one goes on with what was said before
    assert goal.next > answer.next
    assert answer.next == Meant(scene(TALK)).near(ANSWER, [DINNER], [True])[0].question


def test_nobody_behind_it_and_unknown_words_are_near_to_nothing() -> None:
    last, strange = Meant(scene([*TALK, ("甲", "zzqx wqyy")])).near(
        ASKED, [DINNER, 6], [True, True]
    )
    assert last.next == 0.0
    assert strange == (0.0, strange.before, 0.0, 0.0, 0.0)


def test_the_likely_answers_before_it_are_part_of_the_topic() -> None:
    meant = Meant(scene([*TALK, ("白茶", "内存八百块以内就行")]))
    links = [GOAL, ANSWER, 6]
    alone = meant.near(ASKED, links, [False, False, False])
    assert [x.topic for x in alone] == [x.question for x in alone]
    with_answer = meant.near(ASKED, links, [False, True, False])
    assert with_answer[:2] == alone[:2]
    assert with_answer[2].topic > alone[2].topic + 0.1


def test_a_burst_is_near_by_all_its_messages() -> None:
    burst = [
        ("海蓝", "笔记本"),
        ("海蓝", "开机特别慢，有什么办法吗"),
        ("白茶", "换个"),
        ("白茶", "固态硬盘"),
    ]
    first = Meant(scene(burst)).near(1, [2, 3], [False, False])
    assert first[0].burst == first[1].burst
    assert first[0].burst > first[0].question


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.text(max_size=8)), min_size=2, max_size=8))
def test_any_text_will_do(said: list[tuple[str, str]]) -> None:
    meant = Meant(scene(said))
    links = [*range(1, len(meant._next))]
    for row in meant.near(0, links, [True] * len(links)):
        assert all(-2 <= x <= 2 for x in row)

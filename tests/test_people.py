"""Who is whom, learned from invented chats."""

import random

from knowledge.linking.people import Census, People, people_of
from knowledge.model import Message

from .chat import chat

ASKS = """
09:00:01 {asker}: {alias} 请教一下这个怎么配
09:00:40 {him}: 在后台第二页里面配
"""


def days(asker: str, alias: str, him: str, n: int, first: int = 1) -> list[list[Message]]:
    text = ASKS.format(asker=asker, alias=alias, him=him)
    return [chat(text, f"2024-03-{d:02d}") for d in range(first, first + n)]


def crowd() -> list[list[Message]]:
    """Other people, who mention each other by their own names."""
    return [
        chat(f"10:00:0{k} 路人{k}号: @路人{(k + 1) % 5}号?早\n10:00:3{k} 路人{(k + 1) % 5}号: 早")
        for k in range(5)
    ]


def test_an_alias_shares_its_name_with_a_nickname() -> None:
    people = people_of(
        [*days("阿柒", "@沈知渔-蓝鲸支付-架构-成都?", "知渔-蓝鲸架构师", 2), *crowd()]
    )
    assert people.who("沈知渔-蓝鲸支付-架构-成都") == people.who("知渔-蓝鲸架构师")


def test_who_answers_after_each_mention_is_meant() -> None:
    people = people_of([*days("阿柒", "@柯北-石榴金服-风控?", "石头??", 6), *crowd()])
    assert people.who("柯北-石榴金服-风控") == people.who("石头??") == people.who("石头")


def test_a_quote_tells_whose_alias_it_is() -> None:
    said = "10:00:00 harper_w: 退款单要落自己的流水号\n10:01:00 阿柒: "
    quote = "「吴海珀-青橙-研发：退款单要落自己的流水号」 - - - - - - - - - - 明白"
    people = people_of([chat(said + quote), *crowd()])
    assert people.who("吴海珀-青橙-研发") == people.who("harper_w")


def test_a_shared_company_or_city_makes_nobody_the_same() -> None:
    people = people_of(
        [
            *days("阿柒", "@程紫-飞梭-财务-厦门?", "一只橙子", 5),
            *days("阿柒", "@罗米娅-飞梭-运营-厦门?", "Mia 罗", 5, first=10),
            *crowd(),
        ]
    )
    assert people.who("程紫-飞梭-财务-厦门") != people.who("罗米娅-飞梭-运营-厦门")
    assert people.who("一只橙子") != people.who("Mia 罗")


def test_two_who_speak_on_the_same_days_stay_two() -> None:
    both = [
        chat(
            "09:00:00 段小满-北辰技术: 早上好\n09:01:00 段小满-南山产品: 今天发版", f"2024-03-0{d}"
        )
        for d in range(1, 6)
    ]
    people = people_of(both)
    assert people.who("段小满-北辰技术") != people.who("段小满-南山产品")


def test_the_order_of_the_days_changes_nothing() -> None:
    all_days = [
        *days("阿柒", "@沈知渔-蓝鲸支付-架构-成都?", "知渔-蓝鲸架构师", 4),
        *days("石头", "@柯北-石榴金服-风控?", "harper_w", 5, first=10),
        *crowd(),
    ]
    names = people_of(all_days).names()
    for seed in range(4):
        shuffled = all_days[:]
        random.Random(seed).shuffle(shuffled)
        assert people_of(shuffled).names() == names


def test_groups_are_separate_and_an_unknown_name_is_its_own() -> None:
    assert People({}).who("谁也不认识?") == "谁也不认识"
    assert Census().people().who("Mia  罗") == "mia 罗"
    assert People({}).who("??") == "??"

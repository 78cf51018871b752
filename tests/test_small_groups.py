"""Small groups of other fields: one question after the other, each answered soon, then chatter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.linking.exchanges import build
from knowledge.linking.people import people_of
from knowledge.model import Exchange, Message

from .chat import chat

Pair = tuple[str, str]

GARDEN: Sequence[Pair] = (
    ("请问绣球现在能修剪吗？", "花谢了就能剪，留两个节，别拖到秋天"),
    ("月季叶子发黄是缺什么？", "多半是缺铁，浇一次硫酸亚铁看看"),
    ("多肉徒长了怎么办", "砍头重新插，放到晒得到太阳的窗台"),
    ("有没有耐阴的爬藤推荐？", "常春藤和络石都耐阴，北墙也能长"),
    ("栀子花苞老是掉，是水多了吗", "温差大就会掉苞，别老搬来搬去"),
    ("蚊母树苗哪里买便宜？", "虹越的裸根苗便宜，二月上架"),
    ("堆肥里长白毛正常吗？", "正常，那是放线菌，翻一翻就好"),
    ("阳台能种蓝莓吗", "能，要酸土，种兔眼的品种不挑冷"),
    ("三角梅一直不开花咋办", "控水，控到叶子打蔫再浇，连着两三次"),
    ("红蜘蛛用什么药？", "乙螨唑加阿维菌素，叶背要喷透"),
)
CYCLING: Sequence[Pair] = (
    ("明天环湖几点集合？", "六点半，东门牌坊下面"),
    ("公路车胎压打多少合适", "体重七十公斤的话，前六后六点五"),
    ("请教一下链条多久换一次？", "三千公里拿尺子量，过零点七五就换"),
    ("锁鞋新手能直接上吗？", "先在草坪上练脱锁，摔两次就会了"),
    ("有没有轻一点的头盔", "我用的是银河三代，二百三十克"),
    ("碟刹有异响是不是要换来令片", "先用砂纸磨一下碟片，八成是沾油了"),
    ("有人知道妙峰山封路了吗？", "上周封的，修到十月底"),
    ("骑行台吵不吵？", "直驱的不吵，楼下听不见"),
    ("功率计选单边还是双边？", "练着玩单边够了，左右差得不多"),
    ("爬坡膝盖外侧疼怎么回事", "坐垫低了，抬高一公分试试"),
)
BAKING: Sequence[Pair] = (
    ("戚风总是塌腰，是没烤熟吗？", "是的，延长八分钟，出炉马上倒扣"),
    ("黄油可以用玉米油代替吗", "饼干不行，蛋糕卷可以"),
    ("奶油打过了还能救么？", "加一勺没打的淡奶油，手动搅回来"),
    ("高筋粉哪个牌子吸水好？", "王后硬红，吸水能到七成二"),
    ("吐司为什么发酸？", "发过头了，夏天一发四十分钟就够"),
    ("请问烤箱要不要加石板？", "烤欧包加，做蛋糕不用"),
    ("糖能减一半吗？", "减三成以内没事，减一半打不稳蛋白"),
    ("酵母过期两个月还能用不", "拿温水加糖试，十分钟起泡就能用"),
    ("马卡龙没裙边怎么解决？", "结皮时间不够，摸着不粘手再进炉"),
    ("开酥总混酥，有什么诀窍？", "面和油一样软硬，每折完冷藏半小时"),
)
CHATTER = (
    "今天地铁又停在半道了", "我家猫把快递拆了", "晚上吃火锅，有人拼桌", "外面下冰雹了，收衣服",
    "刚看完那部片子，后半段睡着了", "周末加班，别约我", "隔壁装修，吵了一上午", "给孩子报了游泳班",
    "新开的面馆不错，人也不多", "昨晚那场球踢得真难看", "手机掉水里了，晾着", "楼下桂花开了，真香",
)  # fmt: skip
NAMES = ("阿柒", "石头", "Mia 罗", "harper_w", "鹿野", "老唐", "小满", "Kiki")


def clock(minutes: int) -> str:
    return f"{9 + minutes // 60:02}:{minutes % 60:02}:00"


def group_of(pairs: Sequence[Pair]) -> list[list[Message]]:
    """A day of questions, five minutes apart, and two days of chatter."""
    lines: list[str] = []
    for n, (question, answer) in enumerate(pairs):
        asker, other = NAMES[n % 8], NAMES[(3 * n + 1) % 8]
        if asker == other:
            other = NAMES[(3 * n + 2) % 8]
        at = 5 * n
        lines += [f"{clock(at)} {asker}: {question}", f"{clock(at + 1 + n % 3)} {other}: {answer}"]
        if n % 3 == 0:
            lines.append(f"{clock(at + 4)} {asker}: 好的，谢谢")
    talk = [f"{clock(100 + 7 * n)} {NAMES[n * 5 % 8]}: {t}" for n, t in enumerate(CHATTER)]
    later = [f"{clock(11 * n)} {NAMES[n * 3 % 8]}: {t}" for n, t in enumerate(CHATTER)]
    return [
        chat("\n".join([*lines, *talk])),
        chat("\n".join(later), "2024-03-02"),
        chat("\n".join(reversed(talk[:1])), "2024-03-03"),
    ]


@pytest.mark.parametrize("pairs", [GARDEN, CYCLING, BAKING])
def test_each_question_of_a_small_group_has_its_own_answer(pairs: Sequence[Pair]) -> None:
    found = cited(pairs)
    assert [question for question, answer in pairs if answer not in found[question]] == []


def test_at_most_one_line_in_twenty_is_a_neighbours() -> None:
    lines = foreign = 0
    for pairs in (GARDEN, CYCLING, BAKING):
        found = cited(pairs)
        lines += sum(map(len, found.values()))
        foreign += sum(len(found[question] - {answer}) for question, answer in pairs)
    assert foreign * 20 <= lines


def cited(pairs: Sequence[Pair]) -> dict[str, set[str]]:
    """What is cited for each question of a group."""
    days = group_of(pairs)
    found = {e.lead.text: e for e in build(days[0], [], days[1], people_of(days))}
    return {question: said(found[question]) for question, _ in pairs}


def said(e: Exchange) -> set[str]:
    return {a.message.text for a in e.answers}

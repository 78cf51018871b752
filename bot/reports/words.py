"""What the reports say, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.reasons import Reason, Why
from bot.reply import texts


@dataclass(frozen=True, slots=True)
class Words:
    """The words of both reports in one language; what has places is filled in by `format`."""

    language: str
    thresholds: Mapping[str, str]
    why: Callable[[Why], str]
    reason: Callable[[Reason], str]
    sure: str

    # Charts.
    reliability: str
    how_sure: str
    right_of: str
    reliable: str
    curve: str
    coverage_axis: str
    precision_axis: str
    at_threshold: str
    joint: str

    # The report of an evaluation.
    evaluated: str
    summary: Mapping[str, str]
    compared: str
    sections: Mapping[str, str]
    notes: Mapping[str, str]
    found: str
    should: str
    no_answer: str
    and_more: str
    at_thresholds: str
    rates: Mapping[str, str]
    rates_mean: str

    # The report of a replay.
    replayed: str
    knew: str
    figures: Mapping[str, str]
    silent: str
    spoken: str
    would_have: str
    near: str
    near_note: str
    kept: str
    kept_note: str
    decisions: str
    candidates: str
    bot: str
    label_of: str
    welcome: str
    unwelcome: str
    show: str
    shows: Mapping[str, str]
    order: str
    orders: Mapping[str, str]
    save: str
    labelled: str
    labelled_share: str


ZH = Words(
    language="zh-CN",
    thresholds={"hedged": "不确定", "asked": "被问到", "overheard": "旁听"},
    why=texts.why,
    reason=texts.reason,
    sure="把握 {:.0%}",
    reliability="把握准不准",
    how_sure="自己觉得的把握（虚线：说几成就对几成）",
    right_of="真正答对的；上方是个数",
    reliable="把握 {:.0%} 的 {} 个里对了 {:.0%}",
    curve="门槛放低，答得多，也错得多",
    coverage_axis="覆盖率：有答案的里面答对的",
    precision_axis="准确率：说了的里面说对的",
    at_threshold="{} {:.2f}：准确率 {:.0%}，覆盖率 {:.0%}",
    joint="，",
    evaluated="答得怎么样：{}",
    summary={
        "questions": "个问题",
        "answerable": "个有答案",
        "hit1": "第一个就对（hit@1）",
        "hit5": "前五个里有（hit@5）",
        "error": "把握的误差",
    },
    compared="和上次比：<b class=good>{} 个变好</b>，<b class=bad>{} 个变差</b>，{} 个新问题。",
    sections={
        "better": "变好的",
        "worse": "变差的",
        "wrong": "答错的",
        "doubted": "说了不确定，也不对的",
        "missed": "有答案没答的",
        "right": "答对的",
        "silent": "没有答案，也没出声的",
    },
    notes={
        "first": "第一个就是，把握不够",
        "five": "前五个里有，不在第一",
        "lost": "没找到",
        "false": "不该答",
        "doubt": "说了不确定",
    },
    found="找到的",
    should="该答的",
    no_answer="归档里没有答案",
    and_more="等 {} 条",
    at_thresholds="在各个门槛上",
    rates={"precision": "准确率", "coverage": "覆盖率", "false": "误答率"},
    rates_mean="准确率：说了的里面，引对了的。覆盖率：有答案的里面，答对的。误答率：没有答案的里面，"
    "却出了声的。",
    replayed="爬楼会在什么时候开口：{}，{} 至 {}",
    knew="{:,} 条消息，模式 {}；此前的 {:,} 条它都知道。",
    figures={
        "spoke": "次会开口",
        "rate": "次 / 每千条消息",
        "days": "天里有回复",
        "kept": "次有话没说",
    },
    silent="这些天它一次都不会开口。",
    spoken="会说的",
    would_have="要是开口",
    near="差一点就开口的",
    near_note="把握还不够，所以没出声；越靠前越接近门槛。要是这些本该回，门槛可以放低。",
    kept="有把握，没说的",
    kept_note="把握够了，有别的规矩不让说。",
    decisions="每条消息怎么定的",
    candidates="候选",
    bot="爬楼",
    label_of="第 {} 条好不好",
    welcome="该说",
    unwelcome="不该说",
    show="看哪些",
    shows={"all": "全部", "none": "还没标的", "welcome": "该说的", "unwelcome": "不该说的"},
    order="怎么排",
    orders={"sure": "没把握的在前", "time": "按时间"},
    save="下载标注",
    labelled="标了 {done}，共 {of}",
    labelled_share="，{share}% 该说",
)
"""Chinese, for who runs the bot of a group."""

EN = Words(
    language="en",
    thresholds={"hedged": "hedged", "asked": "asked", "overheard": "overheard"},
    why=str,
    reason=str,
    sure="{:.0%} sure",
    reliability="Reliability",
    how_sure="how sure it was (dashed: right as often)",
    right_of="share that was right; above, of how many",
    reliable="{:.0%} sure, {} of them: {:.0%} right",
    curve="A lower threshold tells more, and more that is wrong",
    coverage_axis="coverage: of those with an answer",
    precision_axis="precision: of the replies",
    at_threshold="{} {:.2f}: precision {:.0%}, coverage {:.0%}",
    joint="; ",
    evaluated="How good the answers are: {}",
    summary={
        "questions": "questions",
        "answerable": "with an answer",
        "hit1": "hit@1",
        "hit5": "hit@5",
        "error": "calibration error",
    },
    compared="Against the earlier run: <b class=good>{} better</b>, <b class=bad>{} worse</b>,"
    " {} new.",
    sections={
        "better": "Better",
        "worse": "Worse",
        "wrong": "Wrong",
        "doubted": "Wrong, told with a doubt",
        "missed": "With an answer, not told",
        "right": "Right",
        "silent": "Without an answer, and silent",
    },
    notes={
        "first": "it was first, not surely enough",
        "five": "among the first five",
        "lost": "not found",
        "false": "should be silent",
        "doubt": "told with a doubt",
    },
    found="found",
    should="right",
    no_answer="the archive has no answer",
    and_more="{} in all",
    at_thresholds="At the thresholds",
    rates={"precision": "precision", "coverage": "coverage", "false": "false replies"},
    rates_mean="Precision: of the replies, those that cite a right answer. Coverage: of the"
    " questions with an answer, those answered rightly. False replies: of those without one, the"
    " share that got a reply.",
    replayed="When Palou would have spoken: {}, {} to {}",
    knew="{:,} messages, mode {}; it knew {:,} messages from before.",
    figures={
        "spoke": "times it would have spoken",
        "rate": "times in 1,000 messages",
        "days": "days with a reply",
        "kept": "times a rule kept it silent",
    },
    silent="It would have kept silent all the time.",
    spoken="What it would have said",
    would_have="had it spoken",
    near="Near misses",
    near_note="It kept silent, not being sure enough; the first were nearest to the threshold. If"
    " these should have been told, it may be lower.",
    kept="What it kept to itself",
    kept_note="It was sure enough, but a rule spoke against it.",
    decisions="All decisions",
    candidates="candidates",
    bot="Palou",
    label_of="Label of #{}",
    welcome="welcome",
    unwelcome="unwelcome",
    show="Which to show",
    shows={"all": "all", "none": "not labelled", "welcome": "welcome", "unwelcome": "unwelcome"},
    order="In which order",
    orders={"sure": "least sure first", "time": "by time"},
    save="Download labels",
    labelled="{done} of {of} labelled",
    labelled_share=", {share}% welcome",
)
"""English."""

LANGUAGES = {"zh": ZH, "en": EN}
"""Both, as an option names them."""

"""The page of a message: the answers as the reply has them, under the question."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from bot.asking import Asking
from bot.cli import main
from bot.decision import Verdict
from bot.live import archive_answer
from bot.record.record import Record
from bot.reply.address import parse, tail
from bot.settings import Settings
from bot.terms import Contact, Incoming
from bot.web.names import anchor
from knowledge.loading.load import load
from knowledge.model import Citation
from tests.chats import ASKED as SHORT_DAY
from tests.chats import put
from tests.web.client import (
    ANSWER,
    BASE,
    NOW,
    QUESTION,
    Client,
    Serve,
    links,
    path_of,
    plain,
    settings,
    token,
)

ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"


def card(page: str) -> str:
    """The answers under the question."""
    found = re.search(r'<section class="told".*?</section>', page, re.S)
    assert found
    return found[0]


def told(page: str) -> list[str]:
    """Where the lines on the card stand in the conversation, without those that are folded away."""
    seen = re.sub(r'<details class="rest">.*?</details>', "", card(page), flags=re.S)
    return re.findall(r'data-at="([^"]+)"', seen)


def heading(page: str) -> str:
    found = re.search(r"<h1.*?</h1>", page, re.S)
    assert found
    return plain(found[0])


def asked(database: Path, chosen: Settings, text: str) -> Verdict:
    return Asking(database, chosen, Record(database, read_only=True)).ask(text)


def test_the_link_of_palou_ask_leads_to_the_question_with_its_answers_under_it(
    seeds_site: Client, seeds_database: Path
) -> None:
    said = CliRunner().invoke(
        main, ["ask", "--db", str(seeds_database), ASKED], env={"PALOU_BASE_URL": BASE}
    )
    link = said.output.split("原文：")[1].strip()
    assert link == f"{BASE}/m/{QUESTION}"
    page = seeds_site.get(path_of(link)).text
    assert heading(page) == ASKED
    assert "交到人民银行" in card(page)
    assert page.index('class="told"') < page.index('<ol class="talk">')
    cited = re.search(r'<li id="m20240301-004933" class="[^"]*question here.*?</li>', page, re.S)
    assert cited and "问" in cited[0]
    answer = re.search(r'<li id="m20240301-075540" class="[^"]*answer.*?</li>', page, re.S)
    assert answer and "交到人民银行" in answer[0] and "答 " in answer[0]


def test_a_page_shows_what_its_reply_quoted(seeds_site: Client, seeds_database: Path) -> None:
    leads = [
        x.lead
        for i, x in seeds_site.site.archive.store.exchanges(
            [
                i
                for (i,) in seeds_site.site.archive.conn.execute(
                    "select id from exchanges order by id"
                )
            ][::11]
        ).items()
        if x.answers
    ]
    looked = 0
    for lead in leads:
        verdict = asked(seeds_database, seeds_site.settings, lead.text)
        if len(re.findall("原文：", verdict.reply)) != 1 or not verdict.pages:
            continue
        looked += 1
        link = path_of(verdict.reply.split("原文：")[1].splitlines()[0])
        page = seeds_site.get(link).text
        assert "told" in page, link
        marked = {*told(page), *re.findall(r'<li id="(m[\d-]+)" class="[^"]*question', page)}
        assert {anchor(c) for c in verdict.shown} <= marked, lead.citation
    assert looked > 20


def test_each_answerer_stands_once_and_who_is_surest_first(seeds_site: Client) -> None:
    page = card(seeds_site.get(f"/m/{QUESTION}").text).split("<details")[0]
    names = re.findall(r'class="name"[^>]*>([^<]+)', page)
    shares = [int(x) for x in re.findall(r"把握 (\d+)%", page)]
    assert len(names) == len(set(names)) > 1
    first = re.findall(r'<div class="turn-of.*?(?=<div class="turn-of|$)', page, re.S)[0]
    assert max(shares) == max(int(x) for x in re.findall(r"把握 (\d+)%", first))


def test_an_answers_page_has_its_question_on_top_and_links_to_it(seeds_site: Client) -> None:
    page = seeds_site.get(f"/m/{ANSWER}").text
    assert heading(page) == ASKED
    assert f"/m/{QUESTION}" in links(page)
    here = re.search(r'<p class="line here[^>]*data-at="(.*?)"', card(page))
    assert here and here[1] == "m20240301-075540"


def test_an_answer_too_far_away_is_on_the_card_with_a_link(database: Path, serve: Serve) -> None:
    talk = [(f"09:{n:02}:00", f"群友{n % 5}", f"今天中午吃第{n}家") for n in range(5, 55)]
    quoted = f"「林一一：{SHORT_DAY[0][2]}」\n- - - - - - - - - - - - - - -\n"
    late = ("10:30:00", "周大山-青瓦支付", f"{quoted}T+1早上十点以后，节假日顺延")
    put(database.parent / "archive" / "pay", "2024-05-06", [*SHORT_DAY[:1], *talk, late])
    load(database, [database.parent / "archive"])
    page = serve(settings(database)).get("/m/pay-20240506-090000").text
    assert "节假日顺延" in card(page)
    assert "/m/pay-20240506-103000" in links(card(page))


@pytest.fixture
def taught(database: Path, serve: Serve) -> Client:
    """A group with an answer given at the desk, and a message that retells two."""
    put(database.parent / "archive" / "pay", "2024-05-06", SHORT_DAY)
    pairs = "Q：冲正要几天到账？\nA：一般三天\nQ：冲正能撤回吗？\nA：发起以后不能撤回"
    put(database.parent / "archive" / "pay", "2024-05-07", [("09:00:00", "许小满", pairs)])
    chosen = settings(database)
    said = Incoming("1", None, Contact("c", "管理员"), "每月五号以前", NOW)
    archive_answer(chosen.answers, chosen.zone, "pay", "分润报表几号出", said)
    load(database, list(chosen.sources))
    return serve(chosen)


def test_an_answer_given_at_the_desk_opens_with_its_answer(taught: Client) -> None:
    chosen = taught.settings
    verdict = asked(chosen.database, chosen, "分润报表几号出")
    assert verdict.answered
    page = taught.get(path_of(verdict.reply.split("原文：")[1].strip())).text
    assert heading(page) == "分润报表几号出"
    assert "每月五号以前" in plain(card(page)) and "管理员" in card(page)
    assert "没有找到" not in page and "没看到有人" not in page


def test_all_that_one_message_retells_stands_on_its_page(taught: Client) -> None:
    page = taught.get("/m/pay-20240507-090000").text
    for words in ("冲正要几天到账", "一般三天", "冲正能撤回吗", "发起以后不能撤回"):
        assert words in plain(page.split('<ol class="talk">')[0]), words


def test_a_message_that_retells_is_read_for_that_with_what_followed_below(
    database: Path, serve: Serve
) -> None:
    said = "问题：冲正要几天到账，能不能加急？ 回答：一般三天，加急找渠道"
    quoted = f"「许小满：{said}」\n- - - - - - - - - - - - - - -\n"
    follows = ("09:02:00", "周大山", f"{quoted}冲正现在要五天到账，加急没有了")
    put(database.parent / "archive" / "pay", "2024-05-07", [("09:00:00", "许小满", said), follows])
    load(database, [database.parent / "archive"])
    chosen = settings(database)
    verdict = asked(database, chosen, "冲正要几天到账，能不能加急？")
    assert "一般三天" in verdict.reply and "五天" not in verdict.reply
    page = serve(chosen).get(path_of(verdict.reply.split("原文：")[1].splitlines()[0])).text
    assert heading(page) == "冲正要几天到账，能不能加急？"
    first, *others = page.split('<section class="told"')[1:]
    assert "一般三天" in plain(first) and "五天" not in plain(first)
    assert len(others) == 1 and "群里接着说的" in others[0] and "要五天到账" in plain(others[0])


def test_what_was_said_before_unfolds_in_place_with_the_marks(database: Path, serve: Serve) -> None:
    before = [(f"08:{n:02}:00", f"群友{n % 5}", f"早上说的第{n}句") for n in range(45)]
    put(database.parent / "archive" / "pay", "2024-05-06", [*before, *SHORT_DAY])
    load(database, [database.parent / "archive"])
    client = serve(settings(database))
    page = client.get("/m/pay-20240506-090000").text
    assert "早上说的" not in plain(page)
    seen: list[str] = []
    while found := re.findall(r'href="([^"]+)" rel="prev"', page):
        link = found[0].replace("&amp;", "&")
        first = link.rpartition("#")[2]
        page = client.get(link.partition("#")[0]).text
        places = re.findall(r'<li id="([^"]+)"', page)
        assert places.index(first) == min(20, 45 - len(seen)), "none is passed over"
        seen = re.findall("早上说的第", page)
        assert 'class="c' in page and "question here" in page and told(page)
    assert len(seen) == 45


@pytest.mark.parametrize("glued", ["/", "。", "，", "）", "。）", "%E3%80%82", "?before=20"])
def test_what_a_chat_glues_to_a_link_still_leads_to_the_page(
    seeds_site: Client, glued: str
) -> None:
    answer = seeds_site.get(f"/m/{QUESTION}{glued}")
    if answer.status_code == 302:
        answer = seeds_site.get(answer.headers["location"])
    assert answer.status_code == 200 and heading(answer.text) == ASKED


def test_a_preview_has_question_answer_group_and_date_unless_the_group_is_closed(
    seeds_site: Client, closed_site: Client
) -> None:
    page = seeds_site.get(f"/m/{QUESTION}").text
    assert f"<title>{ASKED}" in page
    for name in ('name="description"', 'property="og:description"'):
        said = re.search(rf'<meta {name} content="([^"]*)"', page)
        assert said and "要放的" in said[1] and "paytalk 2024-03-01" in said[1]
    assert f'property="og:title" content="{ASKED}' in page
    assert 'itemtype="https://schema.org/QAPage"' in page
    shut = closed_site.get(f"/m/{QUESTION}").text
    assert "og:" not in shut and "备付金" not in shut
    assert ASKED in closed_site.get(f"/m/{QUESTION}?t={token('paytalk')}").text


def test_the_other_times_and_questions_like_it_are_links(database: Path, serve: Serve) -> None:
    archive = database.parent / "archive" / "pay"
    put(archive, "2024-05-06", SHORT_DAY)
    again = [
        ("09:00:00", "何小满", "请问对账文件每天几点能下载"),
        ("09:01:00", "周大山-青瓦支付", "@何小满 早上十点"),
    ]
    put(archive, "2024-06-06", again)
    like = [
        ("09:00:00", "吴知秋", "对账文件下载失败是什么原因？"),
        ("09:01:00", "周大山-青瓦支付", "@吴知秋 先看证书过期没有"),
    ]
    put(archive, "2024-07-06", like)
    load(database, [database.parent / "archive"])
    page = serve(settings(database)).get("/m/pay-20240506-090000").text
    head, _, foot = page.partition('<ol class="talk">')
    assert "/m/pay-20240606-090000" in links(head.split("也问过")[1])
    assert "/m/pay-20240706-090000" in links(foot.split("相近的问题")[1])


def test_questions_of_a_closed_group_are_not_offered_beside_one(closed_site: Client) -> None:
    for group, other in (("paytalk", "ledgerlab"), ("ledgerlab", "paytalk")):
        ids = [
            i
            for (i,) in closed_site.site.archive.conn.execute(
                "select x.id from exchanges x join days d on d.id = x.id >> 26"
                " where d.grp = ? and sought > 0.5",
                [group],
            )
        ]
        for x in closed_site.site.archive.store.exchanges(ids[::9]).values():
            page = closed_site.get(f"/m/{x.lead.citation}?t={token(group)}")
            assert page.status_code == 200 and f"/m/{other}-" not in page.text


def test_who_came_from_a_search_gets_back_to_it(seeds_site: Client) -> None:
    found = [x for x in links(seeds_site.get("/?q=备付金放到网联去吗").text) if "/m/" in x]
    page = seeds_site.get(found[0])
    assert "回到「备付金放到网联去吗」的搜索" in plain(page.text)
    assert 'value="备付金放到网联去吗"' in page.text


def test_who_came_from_a_search_of_words_gets_back_to_the_same_place_of_it(
    closed_site: Client,
) -> None:
    here = f"/?q=备付金&in=words&order=old&month=2024-03&page=1&t={token('paytalk')}"
    found = [x for x in links(closed_site.get(here).text) if "/m/" in x]
    page = closed_site.get(found[0]).text
    further = next(x for x in links(page) if "/m/" in x and x != found[0])
    for text in (page, closed_site.get(further).text):
        back = re.search(r'<a href="([^"]+)">← 回到「', text)
        assert back
        assert parse_qs(urlsplit(html.unescape(back[1])).query) == parse_qs(urlsplit(here).query)


def test_a_day_of_no_date_is_the_last_one(seeds_site: Client, closed_site: Client) -> None:
    answer = seeds_site.get("/day/paytalk")
    assert answer.status_code == 302 and answer.headers["location"] == "/day/paytalk/2024-03-06"
    assert seeds_site.get("/day/nobody").status_code == 404
    assert closed_site.get("/day/paytalk").status_code == 403


LEAD = Citation("支付-2", "2024-03-01", "00:49:33", 1)
OTHER = Citation("支付-2", "2024-03-01", "00:52:10")


@pytest.mark.parametrize("stated", [False, True])
@pytest.mark.parametrize(
    "beside", [[], [(OTHER, [LEAD, OTHER])], [(LEAD, [OTHER]), (OTHER, [LEAD])]]
)
def test_the_tail_of_a_link_is_read_as_it_was_written(
    beside: Sequence[tuple[Citation, Sequence[Citation]]], stated: bool
) -> None:
    found = parse(f"{LEAD}{tail(LEAD, beside, stated)}")
    assert found.citation == LEAD and found.stated is stated
    assert [(q, list(a)) for q, a in found.beside] == [(q, list(a)) for q, a in beside]


@pytest.mark.parametrize(
    "text", ["", "x", f"{LEAD}+", f"{LEAD}+1", f"{LEAD}+005210", f"{LEAD}+0+0", f"{LEAD}+005210-"]
)
def test_other_tails_are_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        parse(text)

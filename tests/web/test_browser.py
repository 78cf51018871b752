"""The pages in a real browser: followed from the chat's link, read, searched, and at the desk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.tokens import tokens
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.wishes import Rule
from tests.chats import put
from tests.conftest import SEEDS
from tests.web.browser import AXE, ROOT, free_port, launched, missing, serving
from tests.web.client import ANSWER, QUESTION, SECRET, token
from tests.web.test_pages import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

pytestmark = pytest.mark.browser

ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
SETTINGS = """
archives = ["archive"]
base_url = "{address}"
private = ["ledgerlab", "h"]

[[rooms]]
id = "1@chatroom"
archives = ["paytalk"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the sample archive, in which one group belongs to a room."""
    if why_not := missing():
        pytest.skip(why_not)
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(SEEDS, folder / "archive")
    put(folder / "archive" / "h", "2024-05-06", HOSTILE)
    load(folder / "palou.db", [folder / "archive"])
    record = Record(folder / "palou.db")
    for n, why in enumerate((Why.ANSWERED, Why.NOT_FOUND, Why.PERSON_ANSWERED)):
        now, reason = datetime.now(UTC), Reason(why, 0.2, 0.45)
        question = record.question(now, "1@chatroom", f"c{n}", "刷脸怎么报备", reason, 0.4)
    reply = record.reply(question, now, QUESTION)
    record.feedback(reply, datetime.now(UTC), QUESTION, "备付金", "c1", 1)
    record.meet("1@chatroom", "支付茶馆")
    record.close()
    (folder / "eval").mkdir()
    asked = {"question": "q", "answers": [QUESTION], "confidence": 0.6, "cited": QUESTION}
    run = json.dumps({"questions": [asked | {"hit1": True}]})
    (folder / "eval" / "run.json").write_text(run, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where `palou serve` serves it."""
    port = free_port()
    settings = SETTINGS.format(address=f"http://127.0.0.1:{port}")
    (folder / "palou.toml").write_text(settings, encoding="utf-8")
    with serving(folder, port, {"PALOU_WEB_TOKEN": SECRET}) as address:
        yield address


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    """The browser."""
    with launched() as browser:
        yield browser


class Watch:
    """What must not happen on any page: errors in the console, requests to another origin."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._own = urlsplit(address).netloc
        self.faults: list[str] = []
        self.refused = 0
        context.on("request", self._request)
        context.on("console", self._console)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self._own:
            self.faults.append(f"request to {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if "status of 4" in message.text:
            self.refused += 1  # a page that is meant not to be there
        elif message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")


@contextmanager
def opened(browser: Browser, address: str, **how: object) -> Iterator[tuple[Page, Watch]]:
    """A page in a context of its own, watched to its end."""
    context = browser.new_context(base_url=address, **how)  # type: ignore[arg-type]
    with closing(context):
        watch = Watch(context, address)
        yield context.new_page(), watch
        assert watch.faults == []


def palou(folder: Path, *arguments: str) -> str:
    program = "from bot.cli import main; main(prog_name='palou')"
    environment = os.environ | {"PALOU_WEB_TOKEN": SECRET, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout


def test_from_the_link_of_palou_ask_to_the_marked_answer(
    folder: Path, address: str, browser: Browser
) -> None:
    link = palou(folder, "ask", ASKED).split("原文：")[1].strip()
    assert link == f"{address}/m/{QUESTION}?t={token('paytalk')}"
    with opened(browser, address, viewport={"width": 360, "height": 660}) as (page, watch):
        page.goto(link)
        assert page.get_by_role("heading", level=1).inner_text() == ASKED
        answer = page.locator(".told .line", has_text="交到人民银行")
        box = answer.bounding_box()
        assert box and box["y"] + box["height"] < 660, "it is read without scrolling"
        answer.locator("xpath=ancestor::div[contains(@class, 'turn-of')]").locator(".when").click()
        assert "#m20240301-" in page.url
        answers = page.locator(".talk > .answer")
        assert "交到人民银行" in "".join(answers.all_inner_texts())
        assert answers.locator(".mark").first.inner_text().startswith("答")
        answers.locator(".when").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == ASKED
        page.locator(".told .line.here").wait_for()
        page.get_by_role("link", name="接着看").click()
        page.get_by_role("heading", name="2024-03-0").wait_for()
        assert "/day/paytalk/" in page.url and page.locator(".talk > li").count() > 10
        assert watch.refused == 0 and page.context.cookies() == []


def test_a_search_without_scripts(address: str, browser: Browser) -> None:
    with opened(browser, address, java_script_enabled=False) as (page, watch):
        page.goto(f"/?t={token('paytalk')}")
        page.get_by_role("searchbox").fill(ASKED)
        page.keyboard.press("Enter")
        page.get_by_text("爬楼会这样回答").wait_for()
        page.get_by_role("link", name=ASKED).first.click()
        page.locator(".talk .here").wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == ASKED
        assert watch.refused == 0


def test_from_words_to_the_highlighted_message_and_its_conversation(
    address: str, browser: Browser
) -> None:
    with opened(browser, address, viewport={"width": 360, "height": 660}) as (page, _):
        page.goto(f"/?t={token('paytalk')}")
        page.get_by_role("searchbox").fill("集中存管")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="原话").click()
        row = page.locator(".rows li", has=page.locator("mark", has_text="集中存管")).first
        said = row.locator(".excerpt").inner_text().strip("…")
        row.locator("a").click()
        assert said[:8] in page.locator(".talk .here .said").inner_text()
        page.get_by_role("link", name="回到").click()
        page.wait_for_url("**in=words**")
        page.get_by_role("heading", name="集中存管", exact=True).wait_for()


@pytest.mark.parametrize(
    ("pasted", "leads"),
    [
        (QUESTION, f"/m/{QUESTION}"),
        ("2024-03-01", "/day/paytalk/2024-03-01"),
        ("知渔-蓝鲸架构师", "/people/paytalk/"),
    ],
)
def test_what_is_pasted_into_the_box_goes_to_its_page(
    address: str, browser: Browser, pasted: str, leads: str
) -> None:
    with opened(browser, address) as (page, _):
        page.goto(f"/?t={token('paytalk')}")
        page.get_by_role("searchbox").fill(pasted)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{leads}*")


def test_a_forgotten_message_is_gone(folder: Path, address: str, browser: Browser) -> None:
    cited = "ledgerlab-20240304-085216"
    with opened(browser, address) as (page, watch):
        assert page.goto(f"/m/{cited}").status == 200  # type: ignore[union-attr]
        rules = [Rule("message", "ledgerlab", cited)]
        wishes.keep(folder / "palou.db", rules, datetime.now(UTC), "c1")
        assert page.reload().status == 410  # type: ignore[union-attr]
        assert page.get_by_text("已被忘掉").is_visible()
        assert watch.refused == 1


def test_the_desk_is_refused_without_the_token_and_opens_with_it(
    address: str, browser: Browser
) -> None:
    with opened(browser, address) as (page, _):
        assert page.goto("/desk").status == 403  # type: ignore[union-attr]
        page.get_by_label("口令").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert page.context.cookies() == []
        page.get_by_label("口令").fill(SECRET)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="今天要做的").wait_for()
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"] and cookie["path"] == "/desk" and cookie["sameSite"] == "Lax"
        page.get_by_role("button", name="退出").click()
        page.get_by_label("口令").wait_for()
        assert page.context.cookies() == []


def test_a_link_to_the_desk_opens_it_by_one_tap_and_once(address: str, browser: Browser) -> None:
    until = int(datetime.now(UTC).timestamp()) + 600
    link = f"/desk?k={tokens(SECRET).sealed('desk link', until)}"
    with (
        opened(browser, address, viewport={"width": 360, "height": 780}) as (page, _),
        opened(browser, address, java_script_enabled=False) as (other, watch),
    ):
        page.goto(link)
        page.get_by_role("button", name="打开看板").click()
        page.get_by_role("heading", name="今天要做的").wait_for()
        assert page.url == f"{address}/desk", "the pass stays in no address"
        assert other.goto(link).status == 403  # type: ignore[union-attr]
        assert "已经用过" in other.get_by_role("alert").inner_text()
        cookie = page.context.cookies()[0]["value"]
        other.context.add_cookies([{"name": "palou_desk", "value": cookie, "url": page.url}])
        assert other.goto("/desk").status == 200  # type: ignore[union-attr]
        page.get_by_role("button", name="退出").click()
        page.get_by_label("口令").wait_for()
        assert other.goto("/desk").status == 403  # type: ignore[union-attr]
        assert watch.refused == 2


def test_what_is_taught_at_the_desk_is_told_and_what_is_dismissed_is_gone(
    folder: Path, address: str, browser: Browser
) -> None:
    asked, other = "备付金机构的到底归央行还是网联管呀，求科普", "团建去哪里好呢"
    record, now = Record(folder / "palou.db"), datetime.now(UTC)
    for text in (asked, other):
        record.question(now, "1@chatroom", "c1", text, Reason(Why.NOT_FOUND, 0.2, 0.8), 0.2)
    record.close()
    with opened(browser, address, java_script_enabled=False) as (page, _):
        page.goto("/desk")
        page.get_by_label("口令").fill(SECRET)
        page.keyboard.press("Enter")
        card = page.locator(".todo", has_text=other)
        card.get_by_role("button", name="不用答").click()
        page.get_by_role("status").wait_for()
        assert page.locator(".todo", has_text=other).count() == 0
        page.locator(".todo", has_text=asked).get_by_role("button", name="这就是答案").click()
        page.get_by_role("status").wait_for()
        assert page.locator(".todo", has_text=asked).count() == 0
        page.get_by_role("button", name="退出").click()
    palou(folder, "load")
    link = palou(folder, "ask", asked).split("原文：")[-1].strip()
    with opened(browser, address, viewport={"width": 360, "height": 660}) as (page, _):
        page.goto(link)
        assert page.get_by_role("heading", level=1).inner_text() == asked
        assert page.locator(".told .line").first.is_visible()


def test_a_closed_group_is_refused_everywhere(address: str, browser: Browser) -> None:
    with opened(browser, address) as (page, watch):
        tables = (f"/archive/days{kind}?grp=paytalk" for kind in ("", ".json", ".csv"))
        pages = (f"/m/{QUESTION}", "/day/paytalk", "/people?group=paytalk", *tables)
        for path in pages:
            answer = page.goto(path)
            assert answer and answer.status == 403, path
            assert "og:" not in page.content() and "备付金" not in page.content(), path
        assert watch.refused == len(pages)


def test_a_filter_of_a_table_is_let_through_and_what_is_not_known_is_told(
    address: str, browser: Browser
) -> None:
    with opened(browser, address) as (page, watch):
        page.goto(f"/archive/days?_t={token('paytalk')}")
        page.locator("select[name=_filter_column]").select_option("date")
        page.locator("input[name=_filter_value]").fill("2024-03-01")
        page.get_by_role("button", name="Apply").click()
        page.wait_for_url("**date__exact=2024-03-01**")
        assert page.locator("table.rows-and-columns tbody tr").count() == 1
        page.goto(f"{page.url}&_where=1")
        assert page.get_by_text("这里不认「_where」").is_visible()
        assert watch.refused == 1


OPEN = [
    "/",
    "/?q=外部户和内部户是谁的",
    "/m/h-20240506-090300",
    "/m/ledgerlab-20240304-091315",
    "/day/h/2024-05-06",
    "/people",
    "/people/h/丙",
    "/?in=words&q=a",
    f"/?in=words&q=备付金&t={token('paytalk')}",
    "/m/nothing",
    f"/m/{ANSWER}",
    f"/m/{QUESTION}?t={token('paytalk')}",
    f"/desk?k={tokens(SECRET).sealed('desk link', 4_000_000_000)}",
    "/archive",
    f"/archive/messages?_facet=speaker&_t={token('paytalk')}",
    "/archive/exchange_messages",
    "/archive/days?_where=1",
    "/desk",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_has_a_serious_fault_of_accessibility_or_is_too_wide(
    address: str, browser: Browser, width: int, scheme: str
) -> None:
    screen = {"width": width, "height": 800}
    with opened(browser, address, viewport=screen, color_scheme=scheme) as (page, _):
        for path in OPEN:
            page.goto(path)
            _check(page, path)
        page.get_by_label("口令").fill(SECRET)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="今天要做的").wait_for()
        _check(page, "the desk, open")
        assert page.get_by_label("支付茶馆 被问到时").is_visible()
        page.goto("/desk/label")
        page.get_by_role("button", name="该沉默").wait_for()
        _check(page, "judging")


def _check(page: Page, path: str) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(r => r.violations)")
    serious = [
        (v["id"], v["nodes"][0]["html"][:200])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == [], path
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], path


def test_datasettes_tables_work_under_their_policy(address: str, browser: Browser) -> None:
    with opened(browser, address) as (page, _):
        page.goto("/archive/messages")
        page.locator("th .dropdown-menu-icon").first.click()
        assert page.locator(".dropdown-menu:visible").count() == 1, "its script runs"

"""`/desk`: what the bot did, for the operator alone, and a box to answer what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.live import archive_answer
from bot.record.questions import Unanswered
from bot.rooms import Rooms
from bot.terms import Contact, Incoming
from bot.tokens import Tokens, tokens
from bot.web import charts, figures
from bot.web.access import Access
from bot.web.door import SESSION_SECONDS
from bot.web.site import Arguments, Site, WebPage
from bot.wire import state
from knowledge.groups import group_name
from knowledge.language.display import shown
from knowledge.model import Citation
from knowledge.store.loads import last_load

COOKIE = "palou_desk"

UNANSWERED = 10
"""Questions that are offered to be answered."""

_ANSWER = 4_000
_VOICES = 8
_LOSSES = 20
_USED = "链接过期了，或者已经用过：在私聊里再发一次 /desk，或者输入口令。"
_CONNECTION = {
    "connecting": ("正在连接", "wait"),
    "scan": ("等待扫码登录", "wait"),
    "login": ("已登录，正在准备", "wait"),
    "ready": ("已连上，在群里", "good"),
    "down": ("连接断了", "bad"),
    "reconnect": ("等着重连", "wait"),
    "stopping": ("正在停止", "wait"),
    "stopped": ("已停止", "bad"),
}


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """A request to the desk: the last part of its path, its form, arguments and cookies.

    `address` is where it comes from, as far as the server knows.
    """

    act: str
    posted: Mapping[str, str]
    arguments: Arguments
    cookies: Mapping[str, str]
    address: str


def respond(site: Site, asked: DeskRequest) -> WebPage:
    """Answer a request to the desk; nothing is shown without a session."""
    if not site.settings.web_token:
        return site.note(
            403, "看板没有开", "要打开它，请给 palou serve 设环境变量 PALOU_WEB_TOKEN。"
        )
    keys, door, now = tokens(site.settings.web_token), site.door, site.clock()
    if asked.act == "enter":
        return _enter(site, asked, now)
    if link := asked.arguments.get("k"):
        # It is used by a button: many a chat fetches what is linked, and the link works once.
        return _locked(site, "", link) if door.fits(link, now) else _locked(site, _USED)
    session = asked.cookies.get(COOKIE, "")
    if not door.holds(session, now):
        return _locked(site, "")
    form = keys.sealed(f"desk form {session}", int(session.partition(".")[0]))
    if asked.act in ("leave", "answer"):
        if not keys.holds(f"desk form {session}", asked.posted.get("form", ""), now.timestamp()):
            return _locked(site, "表单过期了，请再试一次。")
        if asked.act == "leave":
            door.leave()
            return _to_desk(site, _cookie(site, "", 0))
        return _answered(site, asked.posted, now)
    return _desk(site, keys, form, now, asked.arguments.get("said") or "")


def _enter(site: Site, asked: DeskRequest, now: datetime) -> WebPage:
    """Open the desk with the pass of a link, or with the secret."""
    posted = asked.posted
    if link := posted.get("k"):
        if not site.door.use(link, now):
            return _locked(site, _USED)
    else:
        known = site.door.is_secret(posted.get("token", "").strip(), now, asked.address)
        if known is None:
            return _locked(site, "口令错得太多次了，请过一分钟再试。", status=429)
        if not known:
            return _locked(site, "口令不对。")
    return _to_desk(site, _cookie(site, site.door.session(now), SESSION_SECONDS))


def _locked(site: Site, said: str, link: str = "", status: int = 403) -> WebPage:
    """What asks for the secret, or with the pass of a link for a tap."""
    action, home = site.settings.prefix + "/desk/enter", site.settings.prefix + "/"
    status = 200 if link else status
    return site.page("enter.html", status, said=said, link=link, action=action, home=home)


def _to_desk(site: Site, cookie: str = "", said: str = "") -> WebPage:
    headers = {"Location": site.settings.prefix + "/desk" + (f"?said={said}" if said else "")}
    if cookie:
        headers["Set-Cookie"] = cookie
    return WebPage("", 303, headers)


def _cookie(site: Site, value: str, seconds: int) -> str:
    """SameSite=Lax: a link followed from the chat must bring the session that it opened."""
    secure = "; Secure" if urlsplit(site.settings.base_url).scheme == "https" else ""
    path = site.settings.prefix + "/desk"
    return f"{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _answered(site: Site, posted: Mapping[str, str], now: datetime) -> WebPage:
    """Archive an answer, and have it learned."""
    question, answer = posted.get("question", "").strip(), posted.get("answer", "").strip()
    group, name = group_name(posted.get("group", "")), posted.get("name", "").strip()[:40]
    known = {*site.archive.groups, *(own for _, own in _unanswered(site) if own)}
    if not question or not answer or group not in known:
        return _to_desk(site, said="empty")
    if not site.record.is_known(question):
        return _to_desk(site, said="gone")  # who asked it wanted it forgotten since
    settings = site.settings
    said = Incoming("desk", None, Contact("desk", name or "管理员"), answer[:_ANSWER], now)
    archive_answer(settings.answers, settings.zone, group, question, said)
    if not site.reloader.running:
        site.reloader.start()
    return _to_desk(site, said="answered")


def _desk(site: Site, keys: Tokens, form: str, now: datetime, said: str) -> WebPage:
    settings = site.settings
    all_groups = site.archive.groups
    # The operator may see every group: his links bring the tokens.
    given = tuple(t for g in all_groups if (t := settings.group_token(g)))
    access = Access(settings, all_groups, given)
    asked = figures.questions(site.record, now, settings.zone)
    good, bad, voices = site.record.voices(_VOICES)
    thresholds = {
        "不确定": settings.hedged,
        "被问到": settings.asked,
        "旁听": settings.overheard,
    }
    evaluated = figures.evaluated(settings.evaluation, thresholds)
    done = site.reloader.ended() if site.reloader.running else None
    return site.page(
        "desk.html",
        access=access,
        form=form,
        said=_SAID.get(said, "") or (done.report if done else ""),
        loading=site.reloader.running,
        asked=asked,
        share=_share(asked.total(figures.ANSWERED), asked.total()),
        bars=charts.bars(asked.days),
        good=good,
        bad=bad,
        voices=[(v, shown(v.text), _link(access, v.citation)) for v in voices],
        unanswered=[
            (q, shown(q.text), tuple(dict.fromkeys((own, *all_groups))))
            for q, own in _unanswered(site)
        ],
        opens=[
            (g, Access(settings, (g,), _own(settings.group_token(g))).url("/")) for g in all_groups
        ],
        evaluated=evaluated,
        curve=charts.precision_coverage(evaluated) if evaluated else "",
        evaluation=settings.evaluation,
        load=last_load(site.archive.conn, _LOSSES),
        connection=_connection(site),
        local=lambda at: f"{datetime.fromisoformat(at).astimezone(settings.zone):%m-%d %H:%M}",
        act=f"{settings.prefix}/desk",
    )


def _unanswered(site: Site) -> list[tuple[Unanswered, str]]:
    """What was asked most and not found, each with the group that its answer belongs to.

    That group is offered first, archived or not; where there is none (it was asked privately, and
    no group answers there alone), the operator has to choose: an answer must not slip into another.
    """
    rooms = Rooms(site.settings, site.record)
    found = site.record.unanswered(UNANSWERED)
    return [(q, rooms.answered_in(q.room) or "") for q in found]


_SAID = {
    "answered": "记下了，正在读入归档；过几秒就能答。",
    "empty": "没有记下：要写明回答，并选一个群。",
    "gone": "没有记下：这个问题已经不在了。",
}


def _own(token: str) -> tuple[str, ...]:
    return (token,) if token else ()


def _share(part: int, of: int) -> str:
    return f"{part / of:.0%}" if of else "–"


def _link(access: Access, citation: str) -> str:
    try:
        return access.message(Citation.parse(citation))
    except ValueError:
        return ""


def _connection(site: Site) -> tuple[str, str, str]:
    """How the bot's connection to the chat stands: in words, how good that is, since when."""
    noted = state.read(state.file_of(site.database))
    if noted is None:
        return "palou run 还没有运行过", "wait", ""
    if not noted.runs and noted.event != "stopped":
        return "palou run 已经不在了", "bad", noted.at
    said, level = _CONNECTION.get(noted.event, (noted.event, "wait"))
    return said, level, noted.at

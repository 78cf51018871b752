"""`/desk`: what the bot did, for the operator alone, and a box to answer what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.decision import Verdict
from bot.reply.excerpt import best_line
from bot.reports.judging import Shown
from bot.settings import Settings
from bot.todo import Todo
from bot.tokens import tokens
from bot.web import cards, charts, figures, judging, thresholds
from bot.web.access import Access
from bot.web.cards import Work
from bot.web.door import SESSION_SECONDS
from bot.web.site import Arguments, Site, WebPage
from bot.wire import state
from knowledge.language.display import shown
from knowledge.model import Citation
from knowledge.store.loads import last_load

COOKIE = "palou_desk"

_REPLIES = 8
_WEEK = timedelta(days=7)
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

    `address` is where it comes from, as far as the server knows. `work` is the page of the work
    list that it shows, `verdicts` what the knowledge has to say to the questions there. `turn` is
    what is to be judged next, `judged` what there is to judge of the question of a button.
    """

    act: str
    posted: Mapping[str, str]
    arguments: Arguments
    cookies: Mapping[str, str]
    address: str
    work: Work | None = None
    verdicts: Mapping[Todo, Verdict] = field(default_factory=dict)
    turn: judging.Turn | None = None
    judged: Shown | None = None


def work(site: Site, asked: DeskRequest) -> Work | None:
    """The page of the work list that a request is to be shown; None: it is shown no desk."""
    shows = asked.act == "desk" and not asked.arguments.get("k")
    return cards.work(site, asked.arguments) if shows and is_open(site, asked) else None


def is_open(site: Site, asked: DeskRequest) -> bool:
    """Whether a request comes from where the desk was opened."""
    session = asked.cookies.get(COOKIE, "")
    return bool(site.settings.web_token) and site.door.holds(session, site.clock())


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
    if asked.act in _ACTS:
        if not keys.holds(f"desk form {session}", asked.posted.get("form", ""), now.timestamp()):
            return _locked(site, "表单过期了，请再试一次。")
        if asked.act == "leave":
            door.leave()
            return _to_desk(site, _cookie(site, "", 0))
        if asked.act in judging.ACTS:
            return judging.act(site, asked.act, asked.posted, asked.judged, _address(site))
        if asked.act == "threshold":
            return _to_desk(site, said=thresholds.act(site, asked.posted))
        return _to_desk(site, said=cards.act(site, asked.act, asked.posted, now))
    if asked.turn is not None:
        return judging.page(site, asked.turn, asked.arguments, form, _address(site))
    if asked.act == judging.FILE:
        return judging.download(site, _address(site))
    return _desk(site, asked, form, now)


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


def _address(site: Site) -> str:
    return site.settings.prefix + "/desk"


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


def _desk(site: Site, asked: DeskRequest, form: str, now: datetime) -> WebPage:
    settings = site.settings
    access = _opened(settings, site.archive.groups)
    counts = figures.questions(site.record, now, settings.zone)
    weeks = figures.weeks(counts)
    evaluated = figures.evaluated(settings.evaluation, asdict(settings.thresholds))
    done = site.reloader.ended() if site.reloader.running else None
    work = asked.work or cards.work(site, asked.arguments)
    told = _SAID.get(asked.arguments.get("said") or "", "") or (done.report if done else "")

    return site.page(
        "desk.html",
        access=access,
        form=form,
        said=told,
        loading=site.reloader.running,
        cards=cards.cards(site, access, work.asked, asked.verdicts),
        left=work.left,
        paging=work.paging,
        asked=counts,
        week=weeks[-1],
        week_before=weeks[-2],
        voices=site.record.voices(now - _WEEK, now + timedelta(seconds=1)),
        bars=charts.by_week(weeks),
        replies=[
            (r, shown(r.text), *_quoted(site, access, r.citation))
            for r in site.record.replied(_REPLIES)
        ],
        opens=[(g, _opened(settings, (g,)).url("/")) for g in access.groups],
        evaluated=evaluated,
        curve=charts.precision_coverage(evaluated) if evaluated else "",
        rooms=thresholds.thresholds(site, evaluated) if evaluated else (),
        evaluation=settings.evaluation,
        load=last_load(site.archive.conn, _LOSSES),
        connection=_connection(site),
        local=lambda at: f"{datetime.fromisoformat(at).astimezone(settings.zone):%m-%d %H:%M}",
        act=f"{settings.prefix}/desk",
    )


def _opened(settings: Settings, groups: tuple[str, ...]) -> Access:
    """The operator may see every group: links bring the tokens."""
    return Access(settings, groups, tuple(t for g in groups if (t := settings.group_token(g))))


def _quoted(site: Site, access: Access, cited: str) -> tuple[str, str]:
    """The page of a reply, and the surest of what it quoted."""
    try:
        citation = Citation.parse(cited)
    except ValueError:
        return "", ""
    best = best_line(site.archive.led_by(citation).values())
    return access.message(citation), best.text if best else ""


_ACTS = ("leave", "answer", "teach", "dismiss", "threshold", *judging.ACTS)
_SAID = {
    "answered": "记下了，正在读入归档；过几秒就能答。",
    "dismissed": "划掉了，以后不再列。",
    "empty": "没有记下：要写明回答，并选一个群。",
    "gone": "没有记下：这个问题已经不在了，可能有人处理过了。",
    "fixed": "没有记下：这里的数据库是只读的。",
    "set": "门槛改好了，那个群里从下一句话起就按它。",
    "unset": "没有改：要选一个群，和 0 到 1 之间的门槛。",
    "above": "没有改：被问到的门槛不能高过旁听的，先在群里把旁听的调高。",
    "unwritten": "没有记下：现在写不进数据库，请稍后再试。",
}


def _connection(site: Site) -> tuple[str, str, str]:
    """How the bot's connection to the chat stands: in words, how good that is, since when."""
    noted = state.read(state.file_of(site.database))
    if noted is None:
        return "palou run 还没有运行过", "wait", ""
    if not noted.runs and noted.event != "stopped":
        return "palou run 已经不在了", "bad", noted.at
    said, level = _CONNECTION.get(noted.event, (noted.event, "wait"))
    return said, level, noted.at

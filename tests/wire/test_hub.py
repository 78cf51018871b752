"""Several networks under one core: what is decided goes where it is for, over whatever heard it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.decision import Decision
from bot.reasons import Reason, Why
from bot.terms import Contact, Incoming, Outgoing, Room
from bot.wire.adapter import Adapter
from bot.wire.hub import Hub
from bot.wire.state import Noted, note, read
from tests.wire.fakes import LIMITS, LIN, OWN, ROOM, Clock, EchoCore, Log, reply

IN_QQ = Room("onebot:700001", "支付同行")
MEI = Contact("onebot:10001", "阿梅")


class World:
    """WeChat, and two accounts of QQ, under one core."""

    def __init__(self) -> None:
        self.clock, self.cores = Clock(), list[EchoCore]()
        self.log = Log(self.clock)
        self.hub = Hub(self._open, self.clock.edges(), self.log.status)
        self.wechat, self.qq, self.other = map(self._account, ("", "onebot", "onebot"))
        for account in (self.wechat, self.qq, self.other):
            account.login(OWN)

    def _open(self, own: Contact) -> EchoCore:
        self.cores.append(EchoCore(self.clock))
        return self.cores[-1]

    def _account(self, network: str) -> Adapter:
        return Adapter(
            self.hub,
            self.clock.edges(),
            self.log.status.of(network=network or "wechat"),
            LIMITS,
            network=network,
        )

    def waiting(self) -> list[int]:
        return [len(a.outbox) for a in (self.wechat, self.qq, self.other)]

    def decides(self, *sends: Outgoing, about: Incoming) -> None:
        """The core decides something by and by."""
        self.cores[0].waiting = [Decision(about, Reason(Why.ANSWERED), sends)]
        self.hub.tick()


def said(room: Room | None, sender: Contact, text: str = "问") -> Incoming:
    clock = Clock()
    return Incoming(f"{sender.id}-{text}", room, sender, text, clock.now())


def test_one_core_serves_all() -> None:
    world = World()
    world.hub.decide(world.wechat, said(ROOM, LIN))
    world.hub.decide(world.qq, said(IN_QQ, MEI))
    assert len(world.cores) == 1 and world.cores[0].received == ["问", "问"]
    networks = [line["network"] for line in world.log.all("decided")]
    assert networks == ["wechat", "onebot"]


def test_a_reply_goes_over_the_account_that_heard_the_question() -> None:
    world = World()
    world.hub.decide(world.other, said(IN_QQ, MEI))
    assert world.waiting() == [0, 0, 1]
    world.decides(
        replace(reply(world.clock, "晚到", "k"), room=IN_QQ, to=MEI), about=said(IN_QQ, MEI)
    )
    assert world.waiting() == [0, 0, 2]


def test_a_notice_goes_to_the_network_of_its_contact() -> None:
    world = World()
    notice = replace(reply(world.clock, "有人想被忘掉", "w"), room=None, to=MEI)
    world.decides(notice, about=said(ROOM, LIN))
    assert world.waiting() == [0, 1, 0]
    world.decides(replace(notice, key="w2", to=LIN), about=said(IN_QQ, MEI))
    assert world.waiting() == [1, 1, 0]


def test_what_goes_to_a_network_that_is_not_there_is_said_and_dropped() -> None:
    clock, cores = Clock(), list[EchoCore]()
    log = Log(clock)

    def opened(own: Contact) -> EchoCore:
        cores.append(EchoCore(clock))
        return cores[-1]

    hub = Hub(opened, clock.edges(), log.status)
    qq = Adapter(hub, clock.edges(), log.status, LIMITS, network="onebot")
    qq.login(OWN)
    cores[0].waiting = [
        Decision(said(IN_QQ, MEI), Reason(Why.ANSWERED), (reply(clock, "给微信的", "k"),))
    ]
    hub.tick()
    assert len(qq.outbox) == 0
    assert log.all("dropped")[0]["reason"] == "its network is not connected to"


def test_the_desk_is_told_of_the_account_that_is_not_well(tmp_path: Path) -> None:
    file = tmp_path / "state"
    well, later = "2024-05-06T09:00:00+00:00", "2024-05-06T10:00:00+00:00"
    note(file, [Noted("down", well), Noted("ready", later)])
    assert (state := read(file)) and (state.event, state.at) == ("down", well)
    note(file, [Noted("ready", well), Noted("login", later)])
    assert (state := read(file)) and (state.event, state.at) == ("login", later)

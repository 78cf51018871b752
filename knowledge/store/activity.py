"""How lively a group is: who says most, at which hours, in which months, and what can be asked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from knowledge.store.ids import DAY_BITS, EXCHANGE_DAY_BITS

ANSWERED = 0.5
"""The probability that an answer answers, from which a question counts as answered."""

ASKABLE = 0.1
"""And the one that somebody would look a question up, from which it counts as askable.

Of 320 questions of a real group that people had read, 85 % of those that they called askable lie
above, and 37 % of the others."""

_MESSAGES = f"from days d join messages m on m.id >> {DAY_BITS} = d.id where d.grp = ?"
_QUESTIONS = f"""
with own as (
    select x.sought, exists (
        select 1 from json_each(x.parts) p
        where p.value ->> 0 = 'answer' and p.value ->> 2 >= {ANSWERED}) as answered
    from days d join exchanges x on x.id >> {EXCHANGE_DAY_BITS} = d.id
    where d.grp = ? and not x.retold)
select count(*), coalesce(sum(answered), 0), coalesce(sum(answered and sought >= {ASKABLE}), 0)
from own
"""
_LOST = """
select count(*) from losses where file in (
    select f.file from file_days f join days d on d.id = f.day where d.grp = ?)
"""


@dataclass(frozen=True, slots=True)
class Activity:
    """Of a group: its questions, those answered, and those of them that may be asked again.

    `people` are the busiest, with how many messages they wrote; `hours` has the messages of each
    hour of the day, `months` of each month (ISO); `lost` is how often something of its files could
    not be read.
    """

    group: str
    questions: int
    answered: int
    askable: int
    people: tuple[tuple[str, int], ...]
    hours: tuple[int, ...]
    months: tuple[tuple[str, int], ...]
    lost: int


def activity(conn: sqlite3.Connection, group: str, people: int) -> Activity:
    """How lively a group is, with so many of its people."""

    def rows(sql: str) -> list[Any]:
        return conn.execute(sql, [group]).fetchall()

    ((questions, answered, askable),), ((lost,),) = rows(_QUESTIONS), rows(_LOST)
    by_hour = dict(
        rows(f"select cast(substr(m.time, 1, 2) as int), count(*) {_MESSAGES} group by 1")
    )
    busiest = rows(
        "select s.name, count(*) from speakers s join messages m on m.speaker = s.id"
        f" where s.grp = ? group by s.id order by 2 desc, 1 limit {people:d}"
    )
    return Activity(
        *(group, questions, answered, askable),
        people=tuple(busiest),
        hours=tuple(by_hour.get(n, 0) for n in range(24)),
        months=tuple(
            rows(f"select substr(d.date, 1, 7), count(*) {_MESSAGES} group by 1 order by 1")
        ),
        lost=lost,
    )

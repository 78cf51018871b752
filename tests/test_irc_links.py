"""What a log of IRC says of who answers whom: figures on a sample with links made by hand."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from knowledge.loading.load import load
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.bench.irc import measure

SAMPLE = Path(__file__).parent / "data" / "irc"


def test_nicks_at_the_heads_of_lines_tell_who_answers_whom() -> None:
    links, without = measure(SAMPLE), measure(SAMPLE, names=False)
    assert links.found > 0.9 and links.right > 0.75
    assert without.found < links.found and without.right < links.right - 0.1


def test_a_log_is_loaded_with_whom_its_lines_are_said_to(tmp_path: Path, database: Path) -> None:
    log = tmp_path / "#gardens_2024-05-06.log"
    log.write_text(
        "[09:00] <orlo> where do I get a pane cut to size around here?\n"
        "[09:00] <tarn> how late is the seed shop open today?\n"
        "[09:01] <hollis> orlo: the glazier behind the station\n"
        "[09:01] <pim> tarn: until six\n",
        encoding="utf-8",
    )
    load(database, [log])
    with closing(connect(database)) as conn:
        ids = [i for (i,) in conn.execute("select id from exchanges")]
        found = Store(conn).exchanges(ids).values()
    assert {x.lead.text: [a.message.text for a in x.answers] for x in found if x.answers} == {
        "where do I get a pane cut to size around here?": ["orlo: the glazier behind the station"],
        "how late is the seed shop open today?": ["tarn: until six"],
    }

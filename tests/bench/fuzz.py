"""Gives broken exports to every reader: does one raise, and how long does the slowest input take?

    python -m tests.bench.fuzz SAMPLES [COUNT] [SEED]

SAMPLES is a folder of exports. Each input is one of them, or a piece, or several crossed, with
bytes changed, cut, doubled or repeated; half are made of what the reader knows, half of anything,
some grown to a megabyte. A table tells of each reader how many it was given, the seconds of the
slowest with its size, and the slowest by its size: seconds a megabyte.
"""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from knowledge.archive.formats import bundle_readers, readers
from tests.formats.reads import Files

_LONGEST = 1_000_000  # bytes of a grown input
_GROWN = 401  # inputs between two that are grown
_PIECE = 20_000  # bytes of a sample that are taken at most
_FAIR = 10_000  # bytes from which seconds a megabyte tell anything
_BITS = [
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"\n",
        b"\r",
        b"\\",
        b"\0",
        b"\xff",
        b" ",
        b":",
        b"@",
        b"-",
    ),
    *(b"1e999", b"null", b"\xef\xbb\xbf", b"> 09:00:00  a  \n", "「：」".encode(), b"]]>"),
]


class Slowest(NamedTuple):
    """Seconds of a processor, and bytes."""

    seconds: float = 0.0
    size: int = 0

    @property
    def rate(self) -> float:
        """Seconds a megabyte."""
        return self.seconds / self.size * 1e6 if self.size >= _FAIR else 0.0


def broken(rng: Random, samples: list[bytes], known: list[bytes]) -> bytes:
    """A sample that is none any more; of those that are `known`, every other time."""
    found = bytearray(_piece(rng, rng.choice(known if rng.random() < 0.5 else samples)))
    for _ in range(rng.randint(1, 6)):
        at, end = sorted(rng.randint(0, len(found)) for _ in range(2))
        match rng.randrange(6):
            case 0:
                found[at : at + rng.randint(0, 3)] = rng.choice(_BITS)
            case 1:
                del found[at:end]
            case 2:
                found[at:at] = found[at:end][:2000]
            case 3:
                found[at:at] = rng.choice(_BITS) * rng.choice((1, 3, 50, 500))
            case 4:
                found[at:end] = _piece(rng, rng.choice(samples))
            case _:
                found[at:at] = rng.randbytes(rng.randint(1, 8))
    return bytes(found)


def _piece(rng: Random, sample: bytes) -> bytes:
    start = rng.randrange(len(sample)) if rng.random() < 0.3 and sample else 0
    return sample[start : start + _PIECE]


def give(reader: Any, content: bytes, name: str, beside: bytes) -> None:
    """Have a reader look at an input and read it, whether it knows it or not."""
    if hasattr(reader, "read_bundle"):
        stem = name.rpartition(".")[0]
        files = Files({name: content, "users.json": beside, f"{stem}.raw.txt": content,
                       f"{stem}.annotation.txt": beside, "manifest.json": beside,
                       "realm.json": beside, "chunks/c_1.jsonl": content,
                       f"a/{name}": content})  # fmt: skip
        reader.recognises_bundle(files)
        reader.read_bundle(files)
    else:
        reader.recognises(content[:65536])
        reader.read(io.BytesIO(content), name)


def main(folder: Path, count: int, seed: int) -> int:
    """Give so many inputs, and print the table; how many raised."""
    rng = Random(seed)
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and "expected" not in p.name]
    samples = [content for p in files if (content := p.read_bytes())]
    names = [p.name for p in files]
    all_readers: list[Any] = [*readers(), *bundle_readers()]
    known = [
        [x for x in samples if hasattr(r, "recognises") and r.recognises(x[:65536])] or samples
        for r in all_readers
    ]
    given = dict.fromkeys(range(len(all_readers)), 0)
    slowest = dict.fromkeys(given, Slowest())
    steepest = dict.fromkeys(given, Slowest())
    raised = 0
    for n in range(count):
        place = n % len(all_readers)
        content = broken(rng, samples, known[place])
        if n % _GROWN == 0 and content:
            content = (content * (_LONGEST // len(content) + 1))[:_LONGEST]
        began = time.process_time()
        try:
            give(all_readers[place], content, rng.choice(names), broken(rng, samples, samples))
        except Exception as e:
            raised += 1
            print(f"{all_readers[place]}: {type(e).__name__}: {e}, input {n}")
        took = Slowest(time.process_time() - began, len(content))
        given[place] += 1
        slowest[place] = max(slowest[place], took)
        steepest[place] = max(steepest[place], took, key=lambda s: s.rate)
    print("| reader | inputs | slowest, s | its bytes | most s a MB |\n" + "| --- " * 5 + "|")
    for place, reader in enumerate(all_readers):
        name = getattr(reader, "name", type(reader).__name__)
        print(
            f"| {name} | {given[place]} | {slowest[place].seconds:.3f} | {slowest[place].size} |"
            f" {steepest[place].rate:.2f} |"
        )
    print(f"{count} inputs, seed {seed}, {raised} raised")
    return raised


if __name__ == "__main__":
    chosen = [int(x) for x in sys.argv[2:4]]
    count, seed = [*chosen, *(200_000, 1)[len(chosen) :]]
    sys.exit(main(Path(sys.argv[1]), count, seed) > 0)

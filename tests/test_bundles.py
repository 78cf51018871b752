"""Archives of several files, in folders and zips: what is read of them, hostile ones, too."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.archive import bundles
from knowledge.archive.bundles import Folder, Zip
from knowledge.archive.formats.slack import SlackReader

SLACK = {
    "users.json": json.dumps([{"id": "U1", "name": "lin", "profile": {"display_name": "林一一"}}]),
    "对账/2025-06-05.json": json.dumps([{"user": "U1", "text": "几点？", "ts": "1749085200.1"}]),
}


def zipped(path: Path, files: dict[str, str | bytes], **more: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content, **more)
    return path


def whats(bundle: Folder | Zip) -> list[str]:
    return [loss.what for loss in bundle.losses]


def test_a_folder_and_a_zip_of_it_are_the_same_archive(tmp_path: Path) -> None:
    folder = tmp_path / "工作区"
    for name, content in {**SLACK, ".git/x.json": "[]"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "loop").symlink_to(folder)
    packed = Zip(zipped(tmp_path / "工作区.zip", {**SLACK, "__MACOSX/._users.json": "x"}))
    for bundle in (Folder(folder), packed):
        assert bundle.name == "工作区"
        assert list(bundle.names) == sorted(SLACK)
        assert SlackReader().recognises_bundle(bundle)
        assert [m.text for m in SlackReader().read_bundle(bundle).messages] == ["几点？"]
        assert whats(bundle) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["工作区", "工作区.zip"]
    packed.close()


def test_a_file_of_a_zip_is_read_again_from_its_start(tmp_path: Path) -> None:
    bundle = Zip(zipped(tmp_path / "a.zip", {"a.txt": "0123456789" * 9000}))
    with bundle.open("a.txt") as stream:
        assert stream.read(3) == b"012"
        stream.seek(0)
        assert io.TextIOWrapper(stream).read() == "0123456789" * 9000


def test_names_in_gbk_without_a_flag(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"xxxx/a.txt": "一"})
    path.write_bytes(path.read_bytes().replace(b"xxxx", "对账".encode("gbk")))
    bundle = Zip(path)
    assert list(bundle.names) == ["对账/a.txt"]
    assert bundle.open("对账/a.txt").read().decode() == "一"


def test_names_that_lead_out_of_it_are_left_out(tmp_path: Path) -> None:
    names = ["../a.txt", "/etc/a.txt", "C:\\a.txt", "b/../../a.txt", "..\\c.txt", "b\\good.txt"]
    bundle = Zip(zipped(tmp_path / "a.zip", dict.fromkeys(names, "x")))
    assert list(bundle.names) == ["b/good.txt"]
    assert len(whats(bundle)) == 5
    assert all("lies outside of the zip" in what for what in whats(bundle))


def test_a_bomb_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = Zip(zipped(tmp_path / "a.zip", {"bomb.txt": b"0" * (32 << 20), "good.txt": "一"}))
    assert list(bundle.names) == ["good.txt"]
    assert whats(bundle) == ["'bomb.txt' unpacks to 200 times its size and more; it was left out"]
    monkeypatch.setattr(bundles, "FILE_BYTES", 2 << 20)
    bundle = Zip(zipped(tmp_path / "b.zip", {"big.txt": b"0" * (3 << 20), "good.txt": "一"}))
    assert list(bundle.names) == ["good.txt"]
    assert "unpacks to 3 MiB, more than 2" in whats(bundle)[0]


def test_all_files_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = Zip(zipped(tmp_path / "a.zip", {"a.txt": b"0" * 400_000, "b.txt": b"1" * 400_000}))
    monkeypatch.setattr(bundles, "ZIP_BYTES", 500_000)
    assert len(bundle.open("a.txt").read()) == 400_000
    assert len(bundle.open("b.txt").read()) < 200_000
    assert "the rest was left out" in whats(bundle)[0]


def test_an_encrypted_file_says_what_to_do(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": "一"})
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.index(mark) + at
        content[place : place + 2] = struct.pack("<H", 0x1)
    path.write_bytes(content)
    assert whats(Zip(path)) == [
        "'a.txt' is encrypted: unpack it with its password, and load the folder; it was left out"
    ]


def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": "一二三四五", "b.txt": "好"})
    content = bytearray(path.read_bytes())
    content[content.index(b"a.txt") + 9] ^= 0xFF
    path.write_bytes(content)
    bundle = Zip(path)
    assert bundle.open("a.txt").read() != "一二三四五".encode()
    assert bundle.open("b.txt").read().decode() == "好"
    assert whats(bundle)[0].startswith("a.txt: damaged")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all" * 99])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(OSError, match="is no whole zip"):
        Zip(path)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Zip(zipped(tmp_path / "a.zip", {})).open("a.txt")
    with pytest.raises(OSError):
        Folder(tmp_path).open("a.txt")
    with pytest.raises(OSError):
        Zip(tmp_path / "b.zip")


def test_more_files_than_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "FILES", 2)
    bundle = Zip(zipped(tmp_path / "a.zip", dict.fromkeys("abcd", "x")))
    assert list(bundle.names) == ["a", "b"]
    assert whats(bundle) == ["2 of 4 files are too many; not looked at"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=4)), max_size=4))
def test_a_zip_with_any_damage_is_read_or_lost(
    tmp_path: Path, cuts: list[tuple[int, bytes]]
) -> None:
    path = zipped(tmp_path / "a.zip", {**SLACK})
    content = path.read_bytes()
    for at, bytes_ in cuts:
        content = content[:at] + bytes_ + content[at + len(bytes_) :]
    path.write_bytes(content)
    try:
        bundle = Zip(path)
    except OSError:
        return
    for name in bundle.names:
        with contextlib.suppress(OSError):
            bundle.open(name).read()
    if SlackReader().recognises_bundle(bundle):
        SlackReader().read_bundle(bundle)

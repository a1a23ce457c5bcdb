"""The spool's file: what comes back, whatever happened to it."""

import errno
import os
import resource
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.records.spool import Found, Spool, SpoolFull, SpoolUnusable, frame, unframe

MB = 1 << 20
RECORD = st.binary(min_size=1, max_size=60).map(lambda record: record.replace(b"\n", b"x"))
RECORDS = st.lists(RECORD, max_size=12)


@contextmanager
def opened(path: Path, max_bytes: int = MB) -> Iterator[Spool]:
    spool = Spool.open(path, max_bytes)
    try:
        yield spool
    finally:
        spool.close()


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="keskus-spool-") as name:
        yield Path(name)


def rest(spool: Spool, about_bytes: int = 50) -> list[bytes]:
    """Take everything out, in order."""
    records = []
    while spool.batches:
        chunk = spool.read(about_bytes)
        records += chunk.records
        spool.drop(chunk)
    return records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keskus.spool"


@given(record=RECORD)
def test_a_frame_gives_its_record_back(record: bytes) -> None:
    line = frame(record)
    assert line.count(b"\n") == 1
    assert unframe(line[:-1]) == record


@given(record=RECORD, place=st.integers(0))
@example(record=b"\x0b", place=9 * 8)  # becomes a line feed
def test_a_frame_with_a_wrong_bit_is_known(record: bytes, place: int) -> None:
    line = bytearray(frame(record)[:-1])
    bit = place % (len(line) * 8)
    line[bit // 8] ^= 1 << bit % 8
    assert unframe(bytes(line)) is None


@given(records=RECORDS, taken=st.integers(0, 12), about_bytes=st.integers(1, 200))
def test_what_was_not_taken_is_there_after_a_restart(
    records: list[bytes], taken: int, about_bytes: int
) -> None:
    with folder() as name:
        with opened(name / "s") as spool:
            for record in records:
                spool.append(record)
            out: list[bytes] = []
            while len(out) < taken and spool.batches:
                chunk = spool.read(about_bytes)
                spool.drop(chunk)
                out += chunk.records
        with opened(name / "s") as spool:
            assert spool.found == Found(len(records) - len(out), 0, 0)
            assert out + rest(spool) == records
            assert (spool.batches, spool.size) == (0, 0)


@given(records=RECORDS.filter(bool), data=st.data())
def test_a_torn_end_is_cut_off(records: list[bytes], data: st.DataObject) -> None:
    """Cut anywhere in the last record, with whatever a crash left behind it."""
    with folder() as name:
        with opened(name / "s") as spool:
            for record in records[:-1]:
                spool.append(record)
            before = (name / "s").stat().st_size
            spool.append(records[-1])
        whole = (name / "s").read_bytes()
        kept = data.draw(st.integers(before, len(whole) - 2))
        garbage = data.draw(st.sampled_from([b"", b"\0" * 4096, b"\n", b"00000000 \n", b"\xff\n\n"]))
        (name / "s").write_bytes(whole[:kept] + garbage)
        with opened(name / "s") as spool:
            assert spool.found == Found(len(records) - 1, 0, kept + len(garbage) - before)
            spool.append(b"new")
        with opened(name / "s") as spool:
            assert rest(spool) == [*records[:-1], b"new"]


def test_a_damaged_record_does_not_take_the_others_along(path: Path) -> None:
    with opened(path) as spool:
        for record in (b"one", b"two", b"three"):
            spool.append(record)
    path.write_bytes(path.read_bytes().replace(b"two", b"twx"))
    with opened(path) as spool:
        assert spool.found == Found(2, 1, 0)
        assert rest(spool) == [b"one", b"three"]


def test_the_header_may_be_lost(path: Path) -> None:
    """Then everything is written again, which changes nothing."""
    with opened(path) as spool:
        for record in (b"one", b"two"):
            spool.append(record)
        spool.drop(spool.read(1))
    whole = bytearray(path.read_bytes())
    whole[20] ^= 1
    path.write_bytes(whole)
    with opened(path) as spool:
        assert rest(spool) == [b"one", b"two"]


def test_a_file_that_was_not_finished_is_begun_again(path: Path) -> None:
    with opened(path):
        pass
    path.write_bytes(path.read_bytes()[:10])
    with opened(path) as spool:
        spool.append(b"one")
        assert rest(spool) == [b"one"]


def test_it_is_private_and_shrinks_when_it_is_empty(path: Path) -> None:
    with opened(path) as spool:
        empty = path.stat().st_size
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        spool.append(b"x" * 1000)
        assert path.stat().st_size > 1000
        rest(spool)
        assert path.stat().st_size == empty


def test_at_the_bound_it_refuses_and_keeps_what_it_has(path: Path) -> None:
    with opened(path, 1000) as spool:
        spool.append(b"a" * 800)
        with pytest.raises(SpoolFull):
            spool.append(b"b" * 800)
        spool.append(b"c")
        assert rest(spool) == [b"a" * 800, b"c"]
        spool.append(b"b" * 800)


def test_one_process_at_a_time(path: Path) -> None:
    with opened(path), pytest.raises(SpoolUnusable, match=r"keskus\.spool is in use by another process"):
        Spool.open(path, MB)
    with opened(path):
        pass


def test_what_cannot_be_a_spool_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SpoolUnusable, match="No such file or directory"):
        Spool.open(tmp_path / "nowhere" / "keskus.spool", MB)
    with pytest.raises(SpoolUnusable, match="Is a directory"):
        Spool.open(tmp_path, MB)
    (tmp_path / "letter").write_text(
        "Dear all, this is no spool, and it is dear to somebody. Please keep it."
    )
    with pytest.raises(SpoolUnusable, match="is no spool; it was left as it is"):
        Spool.open(tmp_path / "letter", MB)
    assert (tmp_path / "letter").read_text().startswith("Dear all")


def test_a_disk_that_is_full_leaves_the_file_whole(path: Path) -> None:
    """A limit on the size of files stands in for the disk; it needs no rights. A real one: test_disk_full."""
    work = f"""
import errno, resource
from pathlib import Path
from app.records.spool import Spool
spool = Spool.open(Path({str(path)!r}), {MB})
spool.append(b"a" * 1000)
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, {resource.RLIM_INFINITY}))
try:
    spool.append(b"b" * 1000)
except OSError as error:
    assert error.errno == errno.EFBIG
else:
    raise AssertionError
assert Path({str(path)!r}).stat().st_size < 1100
spool.append(b"c" * 300)
resource.setrlimit(resource.RLIMIT_FSIZE, ({resource.RLIM_INFINITY}, {resource.RLIM_INFINITY}))
spool.append(b"d")
"""
    subprocess.run([sys.executable, "-c", work], check=True, timeout=60)
    with opened(path) as spool:
        assert spool.found == Found(3, 0, 0)
        assert rest(spool) == [b"a" * 1000, b"c" * 300, b"d"]


def test_a_sync_that_fails_takes_the_record_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with opened(path) as spool:
        spool.append(b"one")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fail)
            with pytest.raises(OSError, match="Input/output"):
                spool.append(b"two")
        spool.append(b"three")
        assert rest(spool) == [b"one", b"three"]

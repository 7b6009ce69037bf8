"""`analyze` on what people have at hand: packed snapshots, data directories, and copies that are none."""

import gzip
import io
import json
import os
import re
import subprocess
import tarfile
import zipfile

import pytest
from harness import analyze
from harness.store import apply, file_of, fill, settle

ANY_ETCD = True  # the server only writes the file


@pytest.fixture
def snapshot(etcd, tmp_path):
    fill(etcd, 500)
    path = tmp_path / "snapshot.db"
    etcd.ctl("snapshot", "save", path)
    return path


def refusal(done):
    assert done.returncode == 1 and not done.stdout
    (line,) = done.stderr.decode().splitlines()
    return line


def zipped(path, names, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return path


def test_packed_snapshots_say_what_the_snapshot_says(snapshot, tmp_path, monkeypatch):
    expected = analyze.report(snapshot)
    data = snapshot.read_bytes()
    folder, temporary = tmp_path / "packed", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    (folder / "s.gz").write_bytes(gzip.compress(data))
    zipped(folder / "s.zip", {"etcd-snapshot-node-1": data}, compression=zipfile.ZIP_DEFLATED)
    zipped(folder / "stored.zip", {"etcd-snapshot-node-1": data})
    packed = sorted(folder.iterdir())
    for path in packed:
        found = analyze.report(path)
        assert found.pop("file") == str(path)
        assert found == {name: value for name, value in expected.items() if name != "file"}
    assert sorted(folder.iterdir()) == packed and not list(temporary.iterdir()), "nothing is left behind"


def test_what_cannot_be_unpacked_says_what_to_do(snapshot, tmp_path, monkeypatch):
    data = snapshot.read_bytes()
    path = tmp_path / "s"
    zipped(path, {"a": data, "b": b"2"})
    assert "unzip" in refusal(analyze.run(path))
    path.write_bytes(gzip.compress(data)[: len(data) // 20])
    assert "cut short" in refusal(analyze.run(path))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(snapshot, "backup/snapshot.db")
    path.write_bytes(packed.getvalue())
    assert "tar -xf" in refusal(analyze.run(path))
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    assert "zstd -d" in refusal(analyze.run(path))
    path.write_bytes(gzip.compress(data))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    assert "cannot be unpacked in" in refusal(analyze.run(path))


def test_a_data_directory_is_as_good_as_the_file(etcd):
    apply(etcd, [("/registry/pods/a/web", "x")])
    file = file_of(etcd)
    for folder in (file.parent, file.parents[1], file.parents[2]):
        assert analyze.report(folder)["file"] == str(file)


def test_a_copy_of_a_live_file_that_is_no_state_of_it_is_told_so(etcd, tmp_path):
    """What `cp` makes of a file that is written to meanwhile: its beginning is older than the rest."""
    last = fill(etcd, 1500)
    settle(etcd)
    begun = file_of(etcd).read_bytes()
    etcd.ctl("compact", last, "--physical")
    fill(etcd, 1500)
    settle(etcd)
    copy = tmp_path / "copy.db"
    copy.write_bytes(begun[:8192] + file_of(etcd).read_bytes()[8192:])
    done = analyze.run(copy, "--output=json")
    assert done.returncode == 1 and not json.loads(done.stdout)["complete"]
    (line,) = done.stderr.decode().splitlines()
    assert "copy of a file that etcd was writing to" in line and "etcdctl snapshot save" in line
    assert analyze.run(file_of(etcd)).returncode == 0, "the live file itself can be read"


def test_the_help_states_where_it_unpacks():
    done = subprocess.run([analyze.BINARY, "analyze", "--help"], capture_output=True, text=True, check=True, env=os.environ)
    words = re.sub(r"\s+", " ", done.stdout)
    assert "$TMPDIR" in words and "16 GiB" in words

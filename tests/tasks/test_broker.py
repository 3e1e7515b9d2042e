"""The broker in the file system: whole messages, each taken once."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from tasks import broker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


def _channel(folder: Path) -> broker.Channel:
    return Connection(transport=broker.Transport, transport_options={"folder": str(folder)}).channel()


def test_messages_come_in_order_and_only_from_their_queue(folder: Path) -> None:
    channel = _channel(folder)
    for number in range(3):
        channel._put("edits", {"number": number})
    channel._put("background", {"number": 9})
    assert [channel._get("edits")["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("edits")
    assert [path.name.endswith(".background.msg") for path in folder.iterdir()] == [True]


def test_a_message_that_is_being_written_is_not_seen(folder: Path) -> None:
    channel = _channel(folder)
    folder.mkdir()
    (folder / ".1_a.edits.msg").write_text("{")
    with pytest.raises(Empty):
        channel._get("edits")
    assert channel._size("edits") == 0


def test_two_workers_take_every_message_once(folder: Path) -> None:
    for number in range(200):
        _channel(folder)._put("edits", {"number": number})
    taken: list[int] = []

    def take() -> None:
        channel = _channel(folder)
        while True:
            try:
                taken.append(channel._get("edits")["number"])
            except Empty:
                return

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(200))
    assert list(folder.iterdir()) == []


def test_a_broken_message_is_dropped_and_the_next_is_taken(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    channel = _channel(folder)
    folder.mkdir()
    (folder / "0_a.edits.msg").write_text("{")
    channel._put("edits", {"number": 1})
    assert channel._get("edits") == {"number": 1}
    assert [record.getMessage() for record in caplog.records] == ["A message in edits was no JSON and was dropped: '{'"]


def test_a_deleted_folder_is_no_error_for_workers_and_made_again_by_whoever_writes(folder: Path) -> None:
    channel = _channel(folder)
    with pytest.raises(Empty):
        channel._get("edits")
    channel._put("edits", {"number": 1})
    assert channel._size("edits") == 1


def test_a_folder_that_cannot_be_written_is_a_channel_error(folder: Path) -> None:
    folder.write_text("in the way")
    with pytest.raises(ChannelError, match="cannot be written"):
        _channel(folder)._put("edits", {})


def test_purging_empties_one_queue(folder: Path) -> None:
    channel = _channel(folder)
    channel._put("edits", {})
    channel._put("background", {})
    assert channel._purge("edits") == 1
    assert (channel._size("edits"), channel._size("background")) == (0, 1)

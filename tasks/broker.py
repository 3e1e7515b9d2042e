"""The broker in the file system, for the demo: kombu's, made safe for several processes.

kombu's shows a message before it is written, takes one by moving it through the system's temporary folder, and keeps
a table of queues that two processes starting at once can read empty. Here a message appears whole, is taken by
whoever removes it, and a queue is an exchange's name; a folder that was deleted is made again. A message that a
killed worker had taken is gone: the beat's sweep does its work.
"""

import contextlib
import json
import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem

logger = logging.getLogger(__name__)

NOTICE_STOP_S = 0.2  # how long a worker without work listens before it looks whether it should end


class Channel(filesystem.Channel):  # type: ignore[misc]
    def get_table(self, exchange: str) -> list[Any]:
        return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, *args: Any) -> None:
        pass

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        pass

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        work = self._folder / f".{name}"  # no queue's: what stands before the first dot is no queue
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            work.write_text(json.dumps(payload))
            work.rename(self._folder / name)
        except OSError as error:
            raise ChannelError(f"{self._folder} cannot be written ({error.strerror})") from error

    def _put_fanout(self, *args: Any, **kwargs: Any) -> None:
        """Events of workers: nobody listens to them here."""

    def _get(self, queue: str) -> Any:
        """The oldest message; raises Empty."""
        for name in self._names(queue):
            path = self._folder / name
            try:
                text = path.read_text()
                path.unlink()
            except FileNotFoundError:  # another worker was faster
                continue
            try:
                return json.loads(text)
            except ValueError:
                logger.error("A message in %s was no JSON and was dropped: %.100r", queue, text)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                (self._folder / name).unlink()
        return len(names)

    def _names(self, queue: str) -> list[str]:
        try:
            return sorted(path.name for path in self._folder.glob(f"[0-9]*.{queue}.msg"))
        except FileNotFoundError:  # glob() says so in some versions of Python
            return []

    @property
    def _folder(self) -> Path:
        return Path(self.transport_options["folder"])


class Transport(filesystem.Transport):  # type: ignore[misc]
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        super().drain_events(connection, timeout=min(timeout or NOTICE_STOP_S, NOTICE_STOP_S))

"""For processes that work for another one (search/challengers.py): they end when it does, however it ends."""

import os
import sys
import threading


def end_with_parent() -> None:
    """The parent holds the other end of this process's stdin; when that is gone, so is the reason to go on."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()

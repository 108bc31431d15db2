"""A doorbell between the processes of one machine: "look now", so that nobody waits for the next poll.

A ring carries nothing and may be lost (another machine, a full socket): whoever listens also polls. Each listener is
a Unix datagram socket in a folder that only this user can open, named after the database that the processes share.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path

LISTING_SECONDS = 0.5  # how long the list of listeners is believed


class Bell:
    """One process's end: `listen` under a role (web, worker), `ring` everybody of another role."""

    def __init__(self, database_url: str, role: str):
        name = hashlib.sha256(database_url.encode()).hexdigest()[:12]
        self._folder = Path(tempfile.gettempdir()) / f"farun-{os.getuid()}-{name}"
        self._role = role
        self._rung = asyncio.Event()
        self._listener: socket.socket | None = None
        self._path: Path | None = None
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._known: dict[str, tuple[float, list[Path]]] = {}

    def listen(self) -> None:
        """Begin to hear rings, in the running event loop. Without a usable folder there is only polling."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if self._folder.stat().st_uid != os.getuid():
                return
            path = self._folder / f"{self._role}-{os.getpid()}-{id(self) & 0xFFFF:x}.sock"
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listener.setblocking(False)
            listener.bind(str(path))
            self._listener, self._path = listener, path
            asyncio.get_running_loop().add_reader(listener, self._heard)

    def _heard(self) -> None:
        with suppress(OSError):
            while self._listener is not None and self._listener.recv(64):
                self._rung.set()

    async def wait(self, timeout: float) -> bool:
        """True as soon as somebody rang since the last wait; False after `timeout` seconds without a ring."""
        try:
            await asyncio.wait_for(self._rung.wait(), timeout)
        except asyncio.TimeoutError:
            return False
        finally:
            self._rung.clear()
        return True

    def ring(self, role: str) -> None:
        """Tell every listener of a role on this machine to look now; never blocks and never fails."""
        for path in self._listeners(role):
            try:
                self._sender.sendto(b"!", str(path))
            except ConnectionRefusedError:  # its process is dead
                with suppress(OSError):
                    path.unlink(missing_ok=True)
                self._known.pop(role, None)
            except OSError:
                self._known.pop(role, None)

    def _listeners(self, role: str) -> list[Path]:
        until, paths = self._known.get(role, (0.0, []))
        if time.monotonic() > until:
            paths = list(self._folder.glob(f"{role}-*.sock"))
            self._known[role] = (time.monotonic() + LISTING_SECONDS, paths)
        return paths

    def close(self) -> None:
        """Hear nothing any more."""
        if self._listener is not None:
            with suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        self._sender.close()

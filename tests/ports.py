"""Ports for servers that tests start."""

import secrets
import socket

# Below those that systems give to clients (on Linux from 32768): one of them might be taken before the server starts.
FIRST, LAST = 15000, 31000


def free_port() -> int:
    """Chosen by chance that no seed of a test run has any part in: its processes all have the same one."""
    while True:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port

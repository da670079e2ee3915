"""Speaking to a WebSub hub: https://www.w3.org/TR/websub/, section 7."""

from __future__ import annotations

import ipaddress
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

# In seconds: for each step, and for a whole conversation with a hub that answers by drops.
PATIENCE = 10
LONGEST = 20


class Refused(Exception):
    """The hub does not take it, or may not be asked; the message says why."""


def publish(hub: str, topic: str) -> None:
    """Tell a hub of one feed. Raises Refused, OSError, HTTPException or ValueError. No redirect is followed."""
    parts = urlsplit(iri_to_uri(hub))
    kind = SecureLine if parts.scheme == "https" else Line
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        status = ask(connection, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", topic)
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Refused(f"it answers {status}")


class Line(HTTPConnection):
    """A connection to a public address, and no longer than `LONGEST`.

    A hub that sends a byte now and then would keep everything else waiting, be it while keys are exchanged. By then the
    connection has no handle to close it by; so this has one of its own.
    """

    closing: threading.Timer | None = None

    def connect(self) -> None:
        super().connect()
        refuse_private(self.sock)
        self.handle = self.sock.dup()
        self.closing = threading.Timer(LONGEST, self.cut_off)
        self.closing.daemon = True
        self.closing.start()

    def cut_off(self) -> None:
        with suppress(OSError):  # it has ended at this very moment
            self.handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self.closing:
            self.closing.cancel()
            self.handle.close()


class SecureLine(HTTPSConnection, Line):
    """The same, with keys exchanged once the address is known to be public."""


def ask(connection: HTTPConnection, path: str, topic: str) -> int:
    form = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Blogsite (WebSub publisher)"}
    connection.request("POST", path, form, headers)
    return connection.getresponse().status


def refuse_private(connected: socket.socket) -> None:
    """Whoever may edit the settings shall not reach into the operator's network; asked of the connection itself,
    since a name can lead elsewhere from one moment to the next. Raises Refused.
    """
    address = ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])
    if not is_public(address) and not settings.PRIVATE_HUB:
        raise Refused(f"{address} is no public address; PRIVATE_HUB allows it")


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a network address is one of the internet, be it an IPv4 address in the clothes of IPv6."""
    return (getattr(address, "ipv4_mapped", None) or address).is_global

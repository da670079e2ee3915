"""Speaking to a WebSub hub: https://www.w3.org/TR/websub/, section 7."""

from __future__ import annotations

import ipaddress
import socket
import threading
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
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.connect()
        refuse_private(connection.sock)
        # A hub that sends a byte now and then would keep everything else waiting.
        closing = threading.Timer(LONGEST, connection.sock.shutdown, [socket.SHUT_RDWR])
        closing.daemon = True
        closing.start()
        try:
            status = ask(connection, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", topic)
        finally:
            closing.cancel()
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Refused(f"it answers {status}")


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

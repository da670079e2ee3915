"""Where a request comes from, and what is kept of that.

A network address tells a lot about a person, so it is not kept: a keyed hash of it lets two comments from one address
be told to be just that, and its network, cut to what a provider hands out to many, lets a moderator shut one out.
"""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# As many bits as providers give to one customer (IPv6) or to a street (IPv4).
KEPT_BITS = {4: 24, 6: 48}
# Within a network of this size a customer of IPv6 chooses addresses at will: it counts as one.
ONE_CUSTOMER = 64

# Some proxies write the port, too: 203.0.113.7:4711, [2001:db8::7]:4711.
_PORT = re.compile(r"^(?:\[(.+)\]|([\d.]+))(?::\d+)?$", re.ASCII)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """The address that a request came from, or None where it is not known, as behind a Unix socket.

    Each proxy writes behind those before it whom it has heard: the last PROXY_HOPS entries of X-Forwarded-For are
    ours, and whatever a client has put before them is not believed.
    """
    heard = [request.META.get("REMOTE_ADDR", "")]
    if settings.PROXY_HOPS:
        heard = request.headers.get("X-Forwarded-For", "").split(",")[-settings.PROXY_HOPS :]
    try:
        address = ipaddress.ip_address(_PORT.sub(r"\1\2", heard[0].strip()))
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def hashed(address: Address | None) -> str:
    """A keyed hash of an address; empty for one that is not known."""
    if address is None:
        return ""
    if address.version == 6:
        address = ipaddress.ip_network((address, ONE_CUSTOMER), strict=False).network_address
    return keyed("address", str(address))


def network(address: Address | None) -> str:
    """The address cut short, such as 203.0.113.0/24; empty for one that is not known."""
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False))


def keyed(purpose: str, value: str) -> str:
    """A hash, in 32 hexadecimal digits, that nobody can make without the site's SECRET_KEY."""
    return salted_hmac(purpose, value, algorithm="sha256").hexdigest()[:32]

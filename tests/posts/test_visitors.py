"""Whose address a request came from: what our own proxies have written counts, and nothing that a client made up."""

from __future__ import annotations

import ipaddress

import pytest

from posts.visitors import client_address, hashed, network


def heard(rf, forwarded, address="10.0.0.1"):
    return str(client_address(rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": forwarded})))


def test_without_a_proxy_nobody_says_where_they_come_from(rf, settings):
    settings.PROXY_HOPS = 0
    assert heard(rf, "203.0.113.7") == "10.0.0.1"


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "[2001:db8::7]", "2001:db8::7"),
        (1, "unknown", "None"),
        (1, "", "None"),
    ],
)
def test_behind_proxies_the_last_entries_count(rf, settings, hops, forwarded, found):
    settings.PROXY_HOPS = hops
    assert heard(rf, forwarded) == found


def test_a_socket_has_no_address(rf, settings):
    settings.PROXY_HOPS = 0
    assert heard(rf, "203.0.113.7", address="unix:") == "None"


def test_who_may_choose_among_addresses_is_one_visitor():
    one, other, neighbour = map(ipaddress.ip_address, ["2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"])
    assert hashed(one) == hashed(other) != hashed(neighbour)
    assert network(one) == network(neighbour) == "2001:db8::/48"
    assert "2001" not in hashed(one)
    assert hashed(None) == network(None) == ""

"""Asking for one address as fast as it is answered: by wrk where it is installed, else by Python, which is slower."""

from __future__ import annotations

import asyncio
import re
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection

CONNECTIONS = 16
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99 = re.compile(r"99%\s+([\d.]+)(us|ms|s|m)")


@dataclass(frozen=True)
class Target:
    """What is asked for, with what each answer must say: its status, and its header X-Cache, "" for any."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    x_cache: str = ""


@dataclass(frozen=True)
class Speed:
    """Answers a second, and how long the slowest of a hundred took, in milliseconds."""

    rate: float
    p99: float


def ask(target: Target) -> tuple[int, dict[str, str], bytes]:
    """One answer: status, headers by their names in lower case, body."""
    client = HTTPConnection("127.0.0.1", target.port, timeout=30)
    client.request("GET", target.path, headers=target.headers)
    answer = client.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    client.close()
    return answer.status, headers, body


def ask_often(target: Target, number: int) -> None:
    """One answer after the other, on one connection."""
    client = HTTPConnection("127.0.0.1", target.port, timeout=30)
    for _ in range(number):
        client.request("GET", target.path, headers=target.headers)
        client.getresponse().read()
    client.close()


def measure(target: Target, seconds: int) -> Speed:
    """Ends the program if the answer, before or after, is not what the target says."""
    check(target)
    speed = by_wrk(target, seconds) if shutil.which("wrk") else asyncio.run(by_python(target, seconds))
    check(target)
    return speed


def check(target: Target) -> None:
    # What has turned by the clock, as a feed does a minute after a change, is made anew for the first who asks.
    ask(target)
    status, headers, _ = ask(target)
    x_cache = headers.get("x-cache", "")
    if status != target.status or target.x_cache not in ("", x_cache):
        sys.exit(
            f"{target.path} on port {target.port} answered {status} (X-Cache: {x_cache}), "
            f"not {target.status} ({target.x_cache or 'any'})."
        )


def by_wrk(target: Target, seconds: int) -> Speed:
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", "--latency", *headers]
    told = subprocess.run(  # noqa: S603 -- our own command
        [*command, f"http://127.0.0.1:{target.port}{target.path}"], capture_output=True, text=True, check=True
    ).stdout
    if "Socket errors" in told or ("Non-2xx" in told and target.status == 200):
        sys.exit(f"{target.path} on port {target.port}:\n{told}")
    p99 = _P99.search(told)
    return Speed(float(_RATE.search(told)[1]), float(p99[1]) * _UNITS[p99[2]])


async def by_python(target: Target, seconds: int) -> Speed:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **target.headers}.items())
    request = f"GET {target.path} HTTP/1.1\r\n{lines}\r\n".encode()
    end = time.perf_counter() + seconds
    took = await asyncio.gather(*(_repeat(target.port, request, end) for _ in range(CONNECTIONS)))
    times = sorted(each for some in took for each in some)
    return Speed(len(times) / seconds, 1000 * times[int(len(times) * 0.99)])


async def _repeat(port: int, request: bytes, end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    while (begin := time.perf_counter()) < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if length:
            await reader.readexactly(int(length[1]))
        times.append(time.perf_counter() - begin)
    writer.close()
    return times


def in_turns(targets: dict[str, Target], rounds: int, seconds: int) -> dict[str, Speed]:
    """The median of each over the rounds, after one that is not counted."""
    found: dict[str, list[Speed]] = {name: [] for name in targets}
    for number in range(rounds + 1):
        for name, target in targets.items():
            speed = measure(target, seconds if number else 1)
            if number:
                found[name].append(speed)
    return {
        name: Speed(statistics.median(one.rate for one in some), statistics.median(one.p99 for one in some))
        for name, some in found.items()
    }

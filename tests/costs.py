"""What a page costs, and a query, and a piece of work."""

import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str) -> int:
    """How many queries an answer takes. It must be a page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(queries)


def seconds_of(work: Callable[[], object], enough: float) -> float:
    """The time of the processor that some work takes: the least of five trials, or the first below `enough` seconds.

    Now and then the machine, or Python's collector of garbage, has something else to do meanwhile.
    """
    least = float("inf")
    for _ in range(5):
        began = time.thread_time()
        work()
        least = min(least, time.thread_time() - began)
        if least < enough:
            break
    return least


def analyze() -> None:
    """Have the database look at what our tables hold: plans go by that.

    PostgreSQL looks at ours alone. At what all databases of a server share, one transaction at a time may look.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else f"ANALYZE {', '.join(tables)}")


def explained(sql: str) -> str:
    """How the database says that it runs a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())

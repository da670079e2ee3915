"""The page cache: what is the same for everybody is rendered once, kept ready to send, and never stale.

It stands in front of the gate, and is touched by the event loop alone. `keys` reads what a request asks for, and sends
past the cache whoever may get a page of their own. `layer` looks whether anything has turned (`blogsite.freshness`),
and answers from the `store`, or has a page rendered (`rendering`), once for all who wait. `answers` are entries ready
to send; `metrics` counts what happens.

The promise: an answer shows a state of the site that was current at some moment after the request had come.
"""

from .layer import PageCache

__all__ = ["PageCache"]

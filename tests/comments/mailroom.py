"""A mail server for tests, that behaves as one tells it to, and makers of what is mailed."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings
from django.utils import timezone

from comments.mail import notifications, postman
from comments.models import Comment, Notice, Subscription
from posts.models import Post
from tests.factories import make_comment


def subscribe(post: Post, email: str, *, confirmed: bool = True, **overrides) -> Subscription:
    moment = timezone.now() if confirmed else None
    return Subscription.objects.create(post=post, email=email, confirmed_at=moment, **overrides)


class Dialogue(socketserver.StreamRequestHandler):
    """One connection: as much of SMTP (RFC 5321) as Django's backend needs."""

    server: MailServer

    def handle(self) -> None:
        if self.server.mood == "hangs":
            self.server.over.wait()
            return
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"RCPT" and self.server.mood == "refuses":
                self.say("451 not now")
            elif verb == b"DATA":
                self.say("354 go on")
                self.server.messages.append(self.message())
                if self.server.mood == "dies":
                    return
                self.say("250 taken")
            else:
                self.say("250 fine")

    def message(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`mood`: "takes", "refuses" each recipient, "hangs" without a word, or "dies" when it has taken a message."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.mood = "takes"
        self.messages: list[str] = []
        self.over = threading.Event()


@contextmanager
def mail_server(timeout: float = 60) -> Iterator[MailServer]:
    """A running server, to which the site's mail goes; it is given up after `timeout` seconds without a word."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        options = {"host": "127.0.0.1", "port": server.server_address[1], "timeout": timeout}
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": options}}):
            yield server
        server.over.set()
        server.shutdown()


def publish(post: Post, body="I see it differently.", **overrides) -> Comment:
    comment = make_comment(post, body, **overrides)
    notifications.published([comment])
    return comment


def hold(post: Post, **overrides) -> Comment:
    comment = make_comment(post, status=Comment.Status.PENDING, **overrides)
    notifications.held([comment])
    return comment


def an_hour_passes() -> None:
    for row in Notice.objects.all():
        row.due_at -= postman.QUIET
        row.claimed_at = row.claimed_at and row.claimed_at - postman.QUIET
        row.sent_at = row.sent_at and row.sent_at - postman.QUIET
        row.save()


def approve(comment: Comment) -> Comment:
    comment.status = Comment.Status.APPROVED
    comment.save()
    return comment

"""Delivering notices: each at most once, whatever crashes, and those that belong together in one message.

A notice is claimed first, and committed so. Then it is sent, then marked as sent. When the mail server refuses it, the
claim is taken back, and it is tried again later. When it cannot be known whether the server has taken it, because the
connection or this very process broke off in between, it is given up: a mail that came twice would be worse than one
that a moderator finds in the queue, or a reader on the page, anyway.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from posts.again import come_again
from posts.middleware import activated
from posts.models import SiteSettings

from ..counts import lock_posts
from ..models import Notice
from ..models.notice import NoticeQuerySet
from .letters import letter
from .wanted import wanted

logger = logging.getLogger(__name__)

# An older comment, brought in by an import or found after months, is no news to anyone. Notices are kept for longer
# than this, so that nobody is told twice.
NEWS = timedelta(days=30)

# Who was told of one comment hears of the next ones an hour later, of all together.
QUIET = timedelta(hours=1)
GATHERED = {Notice.Kind.HELD, Notice.Kind.REPLY, Notice.Kind.NEW}

# After 1, 4, 16, 64 … minutes; the last time after almost four days, as mail servers among themselves.
ATTEMPTS = 8
BACKOFF = 4
# No message takes longer to send: whoever claimed one then has died.
LOST = timedelta(minutes=15)


@task
def deliver_due() -> None:
    """Deliver, and come again when more is due, where that is one task however often it is said; else a timer does."""
    deliver()
    come_again(deliver_due, Notice.objects.waiting().order_by("due_at").values_list("due_at", flat=True).first())


def deliver() -> int:
    """Send what is due, and return in how many messages. Any number of processes may do so at once."""
    note_lost()
    site = SiteSettings.load()
    mailer = mailers.default
    sent = 0
    try:
        with activated(site):
            while first := Notice.objects.due().order_by("due_at", "pk").first():
                if not _is_open(mailer, first):
                    break
                if notices := claim(first, site):
                    sent += send(notices, site, mailer)
    finally:
        _close(mailer)
    return sent


def claim(first: Notice, site: SiteSettings) -> list[Notice]:
    """Claim a notice that is due, with all that belong into the same message; return those still worth sending.

    None are returned if they have to wait, or somebody else was faster.
    """
    with transaction.atomic():
        # No comment on these posts changes meanwhile: what is dropped here can be written down anew right after.
        lock_posts(_mates(first).due().values_list("comment__post", flat=True))
        notices = list(_mates(first).due().for_letter().select_for_update(of=["self"]).order_by("pk"))
        rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
        if until := _quiet_until(first):
            rows.update(due_at=until)
            return []
        welcome = wanted(notices, site)
        kept = rows.filter(pk__in=[notice.pk for notice in welcome])
        rows.exclude(pk__in=kept).delete()
        kept.update(claimed_at=timezone.now())
    return welcome


def send(notices: list[Notice], site: SiteSettings, mailer: BaseEmailBackend) -> bool:
    """Send claimed notices in one message; return whether the mail server took it."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        mailer.send_messages([letter(notices, site)])
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        put_off(rows, error)
    except OSError as error:
        # The connection broke, perhaps after the server had taken the message and before it could say so.
        give_up(rows, _("It may have been sent or not: %s") % _in_a_line(error))
    except ValueError as error:
        give_up(rows, _("It cannot be written: %s") % _in_a_line(error))
    else:
        rows.update(sent_at=timezone.now(), path="", problem="")
        return True
    _close(mailer)
    return False


def put_off(rows: NoticeQuerySet, error: OSError) -> None:
    """Try again later what the server has not taken; or never, if that was the last attempt."""
    problem = _in_a_line(error)
    attempts = 1 + (rows.aggregate(most=Max("attempts"))["most"] or 0)
    logger.warning("Mail was not sent, at attempt %d: %s", attempts, problem)
    if attempts >= ATTEMPTS:
        give_up(rows, problem)
        return
    wait = timedelta(minutes=BACKOFF ** (attempts - 1))
    rows.update(claimed_at=None, attempts=attempts, due_at=timezone.now() + wait, problem=problem)


def give_up(rows: NoticeQuerySet, problem: str) -> None:
    number = rows.update(given_up_at=timezone.now(), problem=problem[:300], path="")
    logger.error("Mail was given up, with %d notices: %s", number, problem)


def try_again(notices: NoticeQuerySet) -> int:
    """Take up again, at once, what was given up; return how many. A link to own data is asked for anew."""
    rows = notices.given_up().exclude(kind=Notice.Kind.OWN_DATA)
    number = rows.update(given_up_at=None, claimed_at=None, attempts=0, due_at=timezone.now())
    transaction.on_commit(deliver_due.enqueue, robust=True)
    return number


def note_lost() -> None:
    """Give up what was claimed by a process that has died before it could tell what became of it."""
    before = timezone.now() - LOST
    lost = Notice.objects.filter(claimed_at__lt=before, sent_at=None, given_up_at=None)
    if lost.exists():
        give_up(lost, _("It may have been sent or not: the process that sent it died."))


def _mates(first: Notice) -> NoticeQuerySet:
    """What may go out together with a notice: of the same kind, to the same person, for the same subscription."""
    if first.kind not in GATHERED:
        return Notice.objects.filter(pk=first.pk)
    return Notice.objects.filter(kind=first.kind, email=first.email, subscription=first.subscription_id)


def _quiet_until(first: Notice) -> datetime | None:
    """Until when nothing more of this kind goes to this person, having had mail a moment ago."""
    if first.kind not in GATHERED:
        return None
    last = _mates(first).aggregate(last=Max("claimed_at"))["last"]
    return last + QUIET if last and last + QUIET > timezone.now() else None


def _is_open(mailer: BaseEmailBackend, first: Notice) -> bool:
    """Reach the mail server before anything is claimed; if it cannot be reached, put off what was to come first."""
    try:
        mailer.open()
    except OSError as error:
        put_off(_mates(first).due(), error)
        return False
    return True


def _close(mailer: BaseEmailBackend) -> None:
    with suppress(OSError):
        mailer.close()


def _in_a_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:250]

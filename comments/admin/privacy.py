"""What is stored about readers, why, and for how long: true figures, as many queries whatever is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.feeds import subscribers
from posts.models import FeedReader, SiteSettings

from .. import limits, own, upkeep
from ..models import Attempt, Ban, Comment, Notice, Report, Subscription, Word

if TYPE_CHECKING:
    from .comment import CommentAdmin

# A timer that runs once a day is not late before a day is over.
GRACE = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """One kind of thing that is stored. `lasts` is how long it may stay, None for as long as it is of use."""

    what: str
    why: str
    until: str
    number: int
    oldest: datetime | None = None
    command: str = ""
    lasts: timedelta | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether the command that erases it seems not to run."""
        return bool(self.lasts is not None and self.oldest and self.oldest < timezone.now() - self.lasts - GRACE)


def report_view(desk: CommentAdmin, request: HttpRequest) -> HttpResponse:
    if not desk.has_change_permission(request):
        raise PermissionDenied
    site = SiteSettings.load()
    figures = figures_of_comments()
    context = desk.question(
        request,
        _("What is stored about readers"),
        items=[
            *of_comments(figures),
            *of_addresses(figures, site.comment_address_days),
            *of_subscriptions(),
            of_notices(),
            *of_abuse(),
            of_feed_readers(),
        ],
        cookie_days=own.MAX_AGE.days,
        edit_minutes=site.comment_edit_minutes,
    )
    return TemplateResponse(request, "admin/comments/comment/privacy_report.html", context)


def in_days(days: int) -> str:
    return ngettext("%d day", "%d days", days) % days


def figures_of_comments() -> dict[str, Any]:
    """All in one query, as this may be the largest table."""
    with_address = ~Q(address_hash="")
    return Comment.all_objects.aggregate(
        number=Count("pk"),
        oldest=Min("created_at"),
        trashed=Count("pk", filter=Q(deleted_at__isnull=False)),
        thrown_away=Min("deleted_at"),
        emails=Count("pk", filter=~Q(email="")),
        with_email=Min("created_at", filter=~Q(email="")),
        addresses=Count("pk", filter=with_address),
        with_address=Min("created_at", filter=with_address),
    )


def of_comments(figures: dict[str, Any]) -> list[Item]:
    return [
        Item(
            _("Comments: the name, the website and the words"),
            _("They are published to be read. Nothing else of a reader is shown to anyone."),
            _("Until its writer or a moderator deletes it."),
            figures["number"],
            figures["oldest"],
        ),
        Item(
            _("Comments in the trash"),
            _("So that a mistake can be mended."),
            _("%s in the trash, unless the command is told otherwise.") % in_days(upkeep.TRASH_LASTS.days),
            figures["trashed"],
            figures["thrown_away"],
            "purge_trash",
            upkeep.TRASH_LASTS,
        ),
        Item(
            _("E-mail addresses of comments"),
            _("A writer is known again by it, can ask for mail, and can see and erase what is theirs."),
            _("As long as the comment."),
            figures["emails"],
            figures["with_email"],
        ),
    ]


def of_addresses(figures: dict[str, Any], days: int) -> list[Item]:
    reports = Report.objects.with_address().aggregate(number=Count("pk"), oldest=Min("created_at"))
    until = _("%s, as the site’s settings say.") % in_days(days)
    return [
        Item(
            _("Where comments came from: a keyed hash of the address, and its network, cut short"),
            _("To tell what came from one place, and to shut out a place that abuse comes from."),
            until,
            figures["addresses"],
            figures["with_address"],
            "erase_addresses",
            timedelta(days=days),
        ),
        Item(
            _("Reports: a keyed hash of the address that a report came from"),
            _("One place reports a comment once."),
            until,
            reports["number"],
            reports["oldest"],
            "erase_addresses",
            timedelta(days=days),
        ),
    ]


def of_subscriptions() -> list[Item]:
    unconfirmed = Q(confirmed_at=None)
    wishes = Subscription.objects.aggregate(
        number=Count("pk", filter=~unconfirmed),
        oldest=Min("created_at", filter=~unconfirmed),
        asked=Count("pk", filter=unconfirmed),
        asked_at=Min("created_at", filter=unconfirmed),
    )
    return [
        Item(
            _("Subscriptions: an e-mail address, and a post or a comment"),
            _("Someone has asked for mail, and confirmed it by a link in a mail."),
            _("Until they unsubscribe, by a link in each mail."),
            wishes["number"],
            wishes["oldest"],
        ),
        Item(
            _("Subscriptions that are not confirmed"),
            _("Nothing is mailed for them but the link to confirm."),
            _("Until they are confirmed, or %s.") % in_days(upkeep.UNCONFIRMED_LASTS.days),
            wishes["asked"],
            wishes["asked_at"],
            "erase_addresses",
            upkeep.UNCONFIRMED_LASTS,
        ),
    ]


def of_notices() -> Item:
    notices = Notice.objects.aggregate(number=Count("pk"), oldest=Min("created_at"))
    return Item(
        _("Notes of mail: to whom, about which comment, and whether it was sent"),
        _("Nobody is told twice, and failures can be looked into."),
        in_days(upkeep.NOTICE_LASTS.days),
        notices["number"],
        notices["oldest"],
        "erase_addresses",
        upkeep.NOTICE_LASTS,
    )


def of_abuse() -> list[Item]:
    attempts = Attempt.objects.aggregate(number=Count("pk"), oldest=Min("since"))
    minutes = limits.WINDOW.seconds // 60
    return [
        Item(
            _("Counters: a keyed hash of an address, and how often it wrote"),
            _("Nobody floods the site."),
            ngettext("They count %d minute.", "They count %d minutes.", minutes) % minutes,
            attempts["number"],
            attempts["oldest"],
            "erase_addresses",
            limits.WINDOW,
        ),
        Item(
            _("Words of the spam filter: single words, and in how many comments they stood"),
            _("The filter learns here, and asks no other service."),
            _("Anew from the comments, by the command."),
            Word.objects.count(),
            command="train_spam_filter",
        ),
        Item(
            _("Bans: an e-mail address, a name or a network"),
            _("Moderators keep someone out."),
            _("Until a moderator lifts it."),
            Ban.objects.count(),
        ),
    ]


def of_feed_readers() -> Item:
    found = FeedReader.objects.aggregate(number=Count("pk"), first=Min("day"))
    return Item(
        _("Hashes of the programmes that read the feeds"),
        _("To count them. A hash is of an address, a programme, a feed and a day; nobody else can make it."),
        _("%s, and then the numbers alone.") % in_days(subscribers.HASHES_LAST),
        found["number"],
        datetime.combine(found["first"], time(), UTC) if found["first"] else None,
        "erase_addresses",
        timedelta(days=subscribers.HASHES_LAST),
    )

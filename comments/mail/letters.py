"""From notices to a message: its words, its links and its headers."""

from __future__ import annotations

import email.policy
import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import Policy
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts import markup
from posts.models import SiteSettings
from posts.visitors import keyed

from ..models import Comment, Notice
from . import mandates
from .moderators import may_decide

# More of them would be no letter any more: the rest is a number and a link.
MOST_COMMENTS = 20
MOST_CHARACTERS = 1000
LONGEST_SUBJECT = 150


class LinkHeader(UnstructuredHeader, BaseHeader):
    """A header that is one address. Longer than a line, it would be written as an encoded word, which is none."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", LinkHeader)


class Letter(EmailMultiAlternatives):
    def message(self, *, policy: Any = email.policy.default) -> Any:
        return super().message(policy=policy.clone(header_factory=_HEADERS))


def letter(notices: list[Notice], site: SiteSettings) -> Letter:
    """One message about notices of one kind, to one person; in the language that is active."""
    first = notices[0]
    context = {"site": site, "site_address": whole("/"), **_context(first, notices)}
    message = Letter(
        subject=_subject(first, len(notices), site),
        # Tags of a template leave their empty lines behind.
        body=re.sub(r"\n{3,}", "\n\n", render_to_string(f"email/{first.kind}.txt", context)).lstrip(),
        from_email=_sender(site),
        to=[first.email],
        headers=_headers(first),
    )
    message.attach_alternative(render_to_string(f"email/{first.kind}.html", context), "text/html")
    return message


def whole(path: str) -> str:
    """A path of the site as an address to be followed from outside."""
    return f"{settings.MAIL_ORIGIN}{path}"


def _context(first: Notice, notices: list[Notice]) -> dict[str, Any]:
    if first.kind == Notice.Kind.OWN_DATA:
        return {"link": whole(first.path)}
    if first.kind == Notice.Kind.CONFIRM:
        return {"subscription": first.subscription, "link": whole(_of_subscription("confirm", first))}
    shown = [_entry(notice.comment, notice.user) for notice in notices[:MOST_COMMENTS] if notice.comment]
    context = {"entries": shown, "number": len(notices), "more": len(notices) - len(shown)}
    if first.kind == Notice.Kind.HELD:
        desk = reverse("admin:comments_comment_changelist") if first.user and may_decide(first.user) else ""
        return context | {"desk": desk and whole(desk)}
    return context | {"subscription": first.subscription, "unsubscribe": whole(_of_subscription("unsubscribe", first))}


def _entry(comment: Comment, user: User | None) -> dict[str, Any]:
    """What is told of one comment; to a `user` who may, with the links to decide about it."""
    words = _shortened(comment.body)
    links = {}
    if user and may_decide(user):
        signed = {verb: mandates.issue(verb, comment, user) for verb in mandates.VERBS}
        links = {verb: whole(reverse("comments:by_mail", args=[mandate])) for verb, mandate in signed.items()}
    return {
        "comment": comment,
        "name": markup.clean_line(comment.author_name),
        "words": words,
        # What looks like a line of ours, such as a link to approve, stays recognisable as theirs.
        "quoted": "\n".join(f"> {line}" for line in words.splitlines()),
        "link": whole(comment.get_absolute_url()),
        "links": links,
    }


def _of_subscription(name: str, notice: Notice) -> str:
    return reverse(f"comments:{name}", args=[notice.subscription.token]) if notice.subscription else ""


def _shortened(body: str) -> str:
    """The words of a comment as it was written: Markdown reads well as it is, and nothing in it is a link."""
    return body if len(body) <= MOST_CHARACTERS else f"{body[:MOST_CHARACTERS].rstrip()} …"


def _subjects_of_one() -> dict[Notice.Kind, str]:
    return {
        Notice.Kind.HELD: _("Waiting: %(name)s on “%(post)s”"),
        Notice.Kind.REPLY: _("%(name)s replied to you on “%(post)s”"),
        Notice.Kind.NEW: _("%(name)s on “%(post)s”"),
        Notice.Kind.CONFIRM: _("Mail about “%(post)s”?"),
        Notice.Kind.OWN_DATA: _("What %(site)s keeps of you"),
    }


def _subjects_of_several(number: int) -> dict[Notice.Kind, str]:
    """Not the plurals of the above: in many languages the form for one thing is also that for twenty-one."""
    return {
        Notice.Kind.HELD: ngettext("%(n)d comment is waiting", "%(n)d comments are waiting", number),
        Notice.Kind.REPLY: ngettext("%(n)d reply to you on “%(post)s”", "%(n)d replies to you on “%(post)s”", number),
        Notice.Kind.NEW: ngettext("%(n)d new comment on “%(post)s”", "%(n)d new comments on “%(post)s”", number),
    }


def _subject(first: Notice, number: int, site: SiteSettings) -> str:
    words = {"n": number, "site": site.title}
    if first.comment:
        words |= {"name": first.comment.author_name, "post": first.comment.post.title}
    elif first.subscription:
        words |= {"post": first.subscription.post.title}
    subjects = _subjects_of_one() | (_subjects_of_several(number) if number > 1 else {})
    # In one line, whatever a name or a title holds: a line break would begin a header of their own.
    subject = markup.clean_line(subjects[Notice.Kind(first.kind)] % words)
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…"


def _sender(site: SiteSettings) -> str:
    """With the site's title as the name, unless the operator has given one."""
    if "<" in settings.DEFAULT_FROM_EMAIL:
        return settings.DEFAULT_FROM_EMAIL
    return str(Address(markup.clean_line(site.title), addr_spec=settings.DEFAULT_FROM_EMAIL))


def _headers(first: Notice) -> dict[str, str]:
    """Auto-Submitted: RFC 3834, section 5. Unsubscribing by one click: RFC 8058, section 3.1."""
    # The same each time it is tried, so that a mail server that gets it twice can tell.
    name = keyed("comments.letters", f"{first.pk} {first.created_at.isoformat()}")
    headers = {
        "Message-ID": f"<{name}@{urlsplit(settings.MAIL_ORIGIN).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if first.kind in {Notice.Kind.REPLY, Notice.Kind.NEW}:
        headers["List-Unsubscribe"] = f"<{whole(_of_subscription('unsubscribe', first))}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers

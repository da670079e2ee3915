"""What becomes of a new comment: a pure decision, from signals to a verdict with its reasons.

Every ground against a comment is weighed by itself, and the worst decides:

1. Who belongs to the site, or wrote the post, is published, whatever else is there.
2. A ban, a filled trap and a word of the spam list make a comment spam, whoever wrote it.
3. So do the spam filter when it is sure, and a text that keeps coming; but a member, or a writer who has been approved
   before, is only held then. A program may judge strangers, not regulars.
4. The softer marks of abuse hold a comment: see `_soft_grounds`.
5. Without any of these the policy decides: it holds everyone, or newcomers, or nobody.

So a further signal against a comment can never make its verdict kinder, and the policy never excuses abuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .abuse import Trick

Status = Literal["approved", "pending", "spam"]

SURE_OF_SPAM = 0.99
SUSPECTS_SPAM = 0.8
SEES_NO_SPAM = 0.1
FASTEST_WRITER = 3.0
"""Seconds between opening the form and sending it."""
COPIES_OF_SPAM = 3

REASONS = {
    # Published
    "team": gettext_noop("Its writer belongs to the site."),
    "member": gettext_noop("Its writer is signed in."),
    "known_author": gettext_noop("A comment with this name and e-mail address has been approved before."),
    "open": gettext_noop("Everybody may comment here, and nothing speaks against this one."),
    # Held by the policy
    "all_held": gettext_noop("Every comment waits for a moderator."),
    "members_only": gettext_noop("Only members may comment here, and its writer was not signed in."),
    "first_comment": gettext_noop("Nothing with this name and e-mail address has been approved before."),
    "no_identity": gettext_noop("Without an e-mail address its writer cannot be told from a newcomer."),
    # Against it
    "banned_email": gettext_noop("This e-mail address is banned."),
    "banned_name": gettext_noop("This name is banned."),
    "banned_network": gettext_noop("It came from a banned network."),
    "trap_filled": gettext_noop("A field that people cannot see was filled in."),
    "spam_word": gettext_noop("It has a word of the spam list: %(word)s."),
    "spam_address": gettext_noop("It came from a network address of the spam list."),
    "hold_word": gettext_noop("It has a word of the list that holds comments: %(word)s."),
    "hold_address": gettext_noop("It came from a network address of the list that holds comments."),
    "filter_sure": gettext_noop("The spam filter takes it for spam (%(percent)s%%), because of: %(words)s."),
    "filter_suspects": gettext_noop("The spam filter suspects it (%(percent)s%%), because of: %(words)s."),
    "copies": gettext_noop("The same text has come before. Copies: %(number)s."),
    "too_many_links": gettext_noop("It has more links than allowed: %(number)s instead of %(allowed)s."),
    "too_fast": gettext_noop("It was written faster than people write. Seconds: %(seconds)s."),
    Trick.BBCODE: gettext_noop("It has links in BBCode, which does nothing here."),
    Trick.HTML_LINKS: gettext_noop("It has links in HTML, which does nothing here."),
    Trick.HIDDEN: gettext_noop("It has characters that nobody can see."),
    Trick.DISGUISED: gettext_noop("It has words in letters that only look like the usual ones."),
    # Given by what happens later
    "reported": gettext_noop("Readers have reported it. Reports: %(number)s."),
    "taken_back": gettext_noop("Its writer has taken it back."),
    # For it
    "filter_trusts": gettext_noop("The spam filter finds nothing wrong with it (%(percent)s%%)."),
}

# Where the filter has found a word, other than in the text.
PLACES = {
    "name": gettext_noop("%(word)s (name)"),
    "mail": gettext_noop("%(word)s (e-mail)"),
    "site": gettext_noop("%(word)s (website)"),
    "link": gettext_noop("%(word)s (link)"),
}


class Writer(StrEnum):
    """Who wrote a comment, as far as we can know."""

    NAMELESS = "nameless"  # no e-mail address, so nobody whom we could know again
    NEWCOMER = "newcomer"
    KNOWN = "known_author"
    MEMBER = "member"
    TEAM = "team"


@dataclass(frozen=True)
class Signals:
    """What is known of a new comment when it arrives.

    `policy` is a value of CommentPolicy, `banned` one of Ban.Kind. The words are those of the site's lists; `…_address`
    says that one of that list is the network address, and `spam_score` goes from 0 to 1.
    """

    policy: str = "hold_first"
    writer: Writer = Writer.NAMELESS
    banned: str = ""
    trap_filled: bool = False
    spam_word: str = ""
    spam_address: bool = False
    hold_word: str = ""
    hold_address: bool = False
    spam_score: float | None = None
    telling_words: tuple[str, ...] = ()
    copies: int = 0
    links: int = 0
    max_links: int = 2
    seconds: float | None = None
    tricks: tuple[Trick, ...] = ()

    @property
    def is_regular(self) -> bool:
        return self.writer in {Writer.KNOWN, Writer.MEMBER}


type Reason = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """The status of a new comment, and why: each reason is a `code` of REASONS with the details of its sentence."""

    status: Status
    reasons: list[Reason] = field(default_factory=list)


def decide(signals: Signals) -> Verdict:
    """The verdict, with all that speaks against the comment as its reasons, the worst first."""
    if signals.writer == Writer.TEAM:
        return Verdict("approved", [{"code": "team"}])
    hard, grave, soft = list(_hard_grounds(signals)), list(_grave_grounds(signals)), list(_soft_grounds(signals))
    against = [*hard, *grave, *soft]
    if hard or (grave and not signals.is_regular):
        return Verdict("spam", against)
    against += _policy_grounds(signals)
    if against:
        return Verdict("pending", [*against, *_in_favour(signals)])
    return Verdict("approved", [{"code": signals.writer.value if signals.is_regular else "open"}])


def _hard_grounds(signals: Signals) -> Iterator[Reason]:
    """What makes it spam, whoever wrote it."""
    if signals.banned:
        yield {"code": f"banned_{signals.banned}"}
    if signals.trap_filled:
        yield {"code": "trap_filled"}
    if signals.spam_word:
        yield {"code": "spam_word", "word": signals.spam_word}
    if signals.spam_address:
        yield {"code": "spam_address"}


def _grave_grounds(signals: Signals) -> Iterator[Reason]:
    """What makes it spam, unless a regular wrote it."""
    if signals.spam_score is not None and signals.spam_score >= SURE_OF_SPAM:
        yield _filters_reason("filter_sure", signals)
    if signals.copies >= COPIES_OF_SPAM:
        yield {"code": "copies", "number": signals.copies}


def _soft_grounds(signals: Signals) -> Iterator[Reason]:
    """What holds it for a moderator to look at."""
    if signals.spam_score is not None and SUSPECTS_SPAM <= signals.spam_score < SURE_OF_SPAM:
        yield _filters_reason("filter_suspects", signals)
    if 0 < signals.copies < COPIES_OF_SPAM:
        yield {"code": "copies", "number": signals.copies}
    if signals.hold_word:
        yield {"code": "hold_word", "word": signals.hold_word}
    if signals.hold_address:
        yield {"code": "hold_address"}
    if signals.links > signals.max_links:
        yield {"code": "too_many_links", "number": signals.links, "allowed": signals.max_links}
    if signals.seconds is not None and signals.seconds < FASTEST_WRITER:
        yield {"code": "too_fast", "seconds": round(signals.seconds, 1)}
    for trick in signals.tricks:
        yield {"code": trick.value}


def _policy_grounds(signals: Signals) -> Iterator[Reason]:
    """Why it waits although it looks like any other. A policy that is not known holds it."""
    if signals.policy == "open":
        return
    if signals.policy == "members":
        if signals.writer != Writer.MEMBER:
            yield {"code": "members_only"}
    elif signals.policy != "hold_first":
        yield {"code": "all_held"}
    elif not signals.is_regular:
        yield {"code": "no_identity" if signals.writer == Writer.NAMELESS else "first_comment"}


def _in_favour(signals: Signals) -> Iterator[Reason]:
    if signals.spam_score is not None and signals.spam_score <= SEES_NO_SPAM:
        yield _filters_reason("filter_trusts", signals)


def _filters_reason(code: str, signals: Signals) -> Reason:
    return {"code": code, "percent": round(100 * (signals.spam_score or 0)), "words": list(signals.telling_words)}


class _Details(dict[str, str]):
    """What goes into a sentence. One that a later or an earlier version told otherwise leaves a gap, not an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def in_words(reasons: list[Reason]) -> list[str]:
    """The reasons as sentences, in the language of whoever reads them; those that we do not know are left out."""
    return [_(REASONS[reason["code"]]) % _details(reason) for reason in reasons if reason.get("code") in REASONS]


def _details(reason: Mapping[str, Any]) -> _Details:
    return _Details({name: _in_words(value) for name, value in reason.items()})


def _in_words(value: Any) -> str:
    return ", ".join(map(_telling_word, value)) if isinstance(value, list) else str(value)


def _telling_word(word: str) -> str:
    """A word of the filter, with the place where it stood."""
    place, _colon, rest = word.partition(":")
    return _(PLACES[place]) % {"word": rest} if rest and place in PLACES else word

"""What a body may hold: elements, attributes with their values, classes and addresses. The last gate enforces it."""

from __future__ import annotations

import re
from typing import Literal

import nh3
from pygments.token import STANDARD_TYPES

from .providers import PLAYER


def names(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = names("br col hr img input source track wbr")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
INLINE = names(
    "a abbr audio b bdi bdo br cite code data del dfn em i img input ins kbd mark meter progress q rp rt ruby s samp "
    "small source span strong sub sup time track u var video wbr"
)
BLOCK = names(
    "address article aside blockquote caption col colgroup dd details div dl dt figcaption figure footer header hr "
    "li ol p pre section summary table tbody td tfoot th thead tr ul"
).union(HEADINGS)
# Elements of a formula, and those of them that hold its letters and signs alone.
MATH_SIGNS = names("mi mn mo ms mspace mtext")
MATH = MATH_SIGNS | names(
    "math merror mfrac mmultiscripts mover mpadded mphantom mprescripts mroot mrow msqrt mstyle msub msubsup msup "
    "mtable mtd mtr munder munderover"
)
TAGS = INLINE | BLOCK | MATH

# Their text is not meant for readers.
SILENT = frozenset(
    {"script", "style", "template", "title", "textarea", "iframe", "object", "noembed", "noframes", "svg"}
)
# They would fetch a page of another site.
EMBEDS = {"iframe": "src", "embed": "src", "object": "data"}

_ANY = re.compile(r".*", re.DOTALL)
_FLAG = re.compile(r"(?i)[a-z]*")
_WHOLE = re.compile(r"\d{1,6}")
_INTEGER = re.compile(r"-?\d{1,6}")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
_SPAN = re.compile(r"[1-9]\d{0,2}")
_DATE = re.compile(r"[\dTZPWDHMSYtz:.+ -]{1,40}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ID = re.compile(r"\S{1,200}")
_TRUTH = re.compile("true|false")
_LENGTH = re.compile(r"[+-]?\d{0,3}(\.\d{1,6})?(em|ex|mu|px|pt|%)?")
_COLOUR = re.compile(r"[a-z]{1,20}|#[0-9a-fA-F]{3,6}")
_MEDIA = {"src": _ANY, "controls": _FLAG, "loop": _FLAG, "muted": _FLAG, "preload": re.compile("none|metadata")}
_CELL = {"colspan": _SPAN, "rowspan": _SPAN, "headers": _ANY}
_QUOTE = {"cite": _ANY}
_CHANGE = {"cite": _ANY, "datetime": _DATE}

EVERYWHERE = {
    "id": _ID,
    "class": _ANY,
    "title": _ANY,
    "lang": _LANGUAGE,
    "dir": re.compile("ltr|rtl|auto"),
}
_SPACED = {"width": _LENGTH, "height": _LENGTH, "depth": _LENGTH}
_STYLED = {
    "mathcolor": _COLOUR,
    "mathbackground": _COLOUR,
    "displaystyle": _TRUTH,
    "scriptlevel": re.compile(r"[+-]?\d"),
}
_ALIGNED = {"columnalign": re.compile("((left|center|right) ?){1,20}")}
# https://www.w3.org/TR/mathml-core/, and of what came before it the little that browsers still read.
MATH_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "math": {"display": re.compile("block|inline"), "alttext": _ANY},
    "mfrac": {"linethickness": _LENGTH},
    "mi": {"mathvariant": re.compile("normal")},
    "mo": dict.fromkeys(("stretchy", "fence", "separator", "largeop", "movablelimits", "symmetric"), _TRUTH)
    | dict.fromkeys(("lspace", "rspace", "minsize", "maxsize"), _LENGTH)
    | {"form": re.compile("prefix|infix|postfix"), "accent": _TRUTH},
    "mover": {"accent": _TRUTH},
    "mpadded": _SPACED | {"lspace": _LENGTH, "voffset": _LENGTH},
    "mspace": _SPACED,
    "mstyle": _STYLED,
    "mtable": _ALIGNED,
    "mtd": _ALIGNED,
    "munder": {"accentunder": _TRUTH},
    "munderover": {"accent": _TRUTH, "accentunder": _TRUTH},
}
ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {"href": _ANY, "hreflang": _LANGUAGE, "rel": re.compile("noopener"), "aria-label": _ANY},
    "audio": _MEDIA,
    "blockquote": _QUOTE,
    "col": {"span": _SPAN},
    "colgroup": {"span": _SPAN},
    "data": {"value": _ANY},
    "del": _CHANGE,
    "details": {"open": _FLAG},
    "div": {"tabindex": re.compile("0"), "role": re.compile("region"), "aria-label": _ANY},
    "figure": {"data-embed": PLAYER, "data-load": _ANY},
    "img": {
        "src": _ANY,
        "alt": _ANY,
        "width": _WHOLE,
        "height": _WHOLE,
        "loading": re.compile("lazy"),
        "decoding": re.compile("async"),
    },
    "input": {
        "type": re.compile("checkbox"),
        "checked": _FLAG,
        "disabled": _FLAG,
        "aria-label": _ANY,
    },
    "ins": _CHANGE,
    "li": {"value": _INTEGER},
    "meter": dict.fromkeys(("value", "min", "max", "low", "high", "optimum"), _NUMBER) | {"aria-label": _ANY},
    "ol": {"start": _INTEGER, "reversed": _FLAG, "type": re.compile("[1aAiI]")},
    "pre": {"tabindex": re.compile("0"), "data-language": re.compile(r"[\w+#.-]{1,32}")},
    "progress": dict.fromkeys(("value", "max"), _NUMBER) | {"aria-label": _ANY},
    "q": _QUOTE,
    "section": {"aria-label": _ANY},
    "source": {"src": _ANY, "type": re.compile(r"(audio|video)/[\w.+-]+")},
    "td": _CELL,
    "th": _CELL | {"scope": re.compile("row|col|rowgroup|colgroup"), "abbr": _ANY},
    "time": {"datetime": _DATE},
    "track": {
        "src": _ANY,
        "kind": re.compile("subtitles|captions|descriptions|chapters|metadata"),
        "srclang": _LANGUAGE,
        "label": _ANY,
        "default": _FLAG,
    },
    "video": _MEDIA | {"poster": _ANY, "width": _WHOLE, "height": _WHOLE},
}

_KNOWN = {tag: EVERYWHERE | ATTRIBUTES.get(tag, {}) for tag in INLINE | BLOCK} | {
    tag: MATH_ATTRIBUTES.get(tag, {}) for tag in MATH
}

# Only the classes that our own rendering makes; an author's HTML cannot dress up as the page around it.
ALIGNMENTS = frozenset({"align-left", "align-center", "align-right"})
ALERTS = ("note", "tip", "important", "warning", "caution")
CLASSES: dict[str, frozenset[str]] = {
    "a": frozenset({"permalink", "footnote-backref"}),
    "div": frozenset({"formula", "table-scroll", "markdown-alert", *(f"markdown-alert-{kind}" for kind in ALERTS)}),
    "figure": frozenset({"embed", "embed-audio"}),
    "input": frozenset({"task-list-item-checkbox"}),
    "li": frozenset({"task-list-item"}),
    "ol": frozenset({"contains-task-list"}),
    "p": frozenset({"markdown-alert-title"}),
    "section": frozenset({"footnotes"}),
    "span": frozenset(f"tok-{name}" for name in STANDARD_TYPES.values() if name),
    "sup": frozenset({"footnote-ref"}),
    "td": ALIGNMENTS,
    "th": ALIGNMENTS,
    "ul": frozenset({"contains-task-list"}),
}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_IGNORED_BY_BROWSERS = re.compile("[\t\n\r]")

Reach = Literal["local", "remote", "mail", "refused"]


def reach(address: str) -> Reach:
    """Where a browser would go for this address, read as https://url.spec.whatwg.org/#url-parsing reads it."""
    plain = _IGNORED_BY_BROWSERS.sub("", address.strip("".join(map(chr, range(0x21))))).replace("\\", "/").lower()
    if plain.startswith(("//", "http:", "https:")):
        return "remote"
    if plain.startswith("mailto:"):
        return "mail"
    return "refused" if _SCHEME.match(plain) else "local"


def fit_attributes(tag: str, attrs: dict[str, str]) -> dict[str, str]:
    """Those of the attributes that this element may carry, with values that it may have."""
    known = _KNOWN[tag]
    fit = {name: value for name, value in attrs.items() if name in known and known[name].fullmatch(value)}
    if "class" in fit:
        fit["class"] = " ".join(name for name in fit["class"].split() if name in CLASSES.get(tag, ()))
        if not fit["class"]:
            del fit["class"]
    return fit


def _gate() -> nh3.Cleaner:
    plain = set(EVERYWHERE) - {"class"}
    attributes = {tag: set(patterns) for tag, patterns in (ATTRIBUTES | MATH_ATTRIBUTES).items()}
    # Pictures get their sources from us: an author's own <picture> is only the <img> within.
    attributes["source"] |= {"srcset", "sizes"}
    return nh3.Cleaner(
        tags=TAGS | {"picture"},
        attributes={"*": plain, **attributes},
        allowed_classes=CLASSES,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


# Built once and never changed, so that threads may share them.
clean_body = _gate().clean
clean_comment = nh3.Cleaner(
    tags=names("a blockquote br code em h4 h5 h6 hr li ol p pre strong ul"),
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    set_tag_attribute_values={"pre": {"tabindex": "0"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
).clean

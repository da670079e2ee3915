"""The judge of what may leave the Markdown module. It shares no list with it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from posts import markup

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"

TAGS = set(
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del details "
    "dfn div dl dt em figcaption figure footer h2 h3 h4 h5 h6 header hr i img input ins kbd li mark meter ol p pre "
    "progress q rp rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead "
    "time tr track u ul var video wbr".split()
)
FORMULA = set(
    "math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover".split()
)
TAGS |= FORMULA | {"picture"}
ATTRIBUTES = set(
    "abbr alt aria-label checked cite class colspan controls data-language datetime decoding default dir disabled "
    "headers height high href hreflang id kind label lang loading loop low max min muted open optimum poster preload "
    "rel reversed role rowspan scope sizes span src srclang srcset start tabindex title type value width "
    "data-embed data-load accent accentunder alttext columnalign depth display displaystyle fence form largeop "
    "linethickness lspace mathbackground mathcolor mathvariant maxsize minsize movablelimits rspace scriptlevel "
    "separator stretchy symmetric voffset".split()
)
CLASSES = re.compile(
    r"align-(left|center|right)|contains-task-list|footnote-(ref|backref)|footnotes|permalink|table-scroll|"
    r"embed(-audio)?|formula|task-list-item(-checkbox)?|markdown-alert(-title|-note|-tip|-important|-warning|-caution)?|tok-[a-z0-9]+"
)
VOID = {"br", "col", "hr", "img", "input", "source", "track", "wbr"}


class Judge(HTMLParser):
    """Collects what is wrong with a piece of HTML, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self.open]
        self.faults += [f"id {name!r} twice" for name in self.ids if self.ids.count(name) > 1]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}>"] * (tag not in TAGS) + [f"<{tag} {name}>" for name in set(names) - ATTRIBUTES]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        if tag == "a" and "a" in self.open:
            self.faults.append("<a> in <a>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.judge_value(tag, name, value or "")

    def judge_value(self, tag, name, value):
        # As browsers read an address: https://url.spec.whatwg.org/#url-parsing
        plain = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", value).replace("\\", "/").lower()
        if name == "id":
            self.ids.append(value)
        elif name == "class":
            self.faults += [f"class {word!r}" for word in value.split() if not CLASSES.fullmatch(word)]
        elif name in {"href", "cite"} and re.match(r"[a-z][a-z0-9+.-]*:", plain):
            self.faults += [f"{name}={value!r}"] * (not plain.startswith(("http:", "https:", "mailto:")))
        elif name == "data-embed" and not re.match(r"https://[a-z0-9.-]+\.[a-z]+/[\w./?=&%-]*\Z", value):
            self.faults.append(f"{name}={value!r}")
        elif name in {"src", "poster", "srcset"} and re.match(r"[a-z][a-z0-9+.-]*:|//", plain):
            self.faults.append(f"{name}={value!r} would fetch from another site")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_comment(self, data):
        self.faults.append(f"comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    return Judge(html).faults


def html(source: str, **options) -> str:
    return markup.render(source, **options).html.strip()


def corpus(path: str) -> str:
    file = CORPORA / path
    if not file.exists():
        pytest.skip(f"The corpus {path} is not beside the checkout.")
    return file.read_text()

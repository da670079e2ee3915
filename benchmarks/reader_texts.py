"""What sincere readers write: phrases that were made up for this, and what they quote from the posts of a blog."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path

from .texts import Text, spun

FIRST = tuple(
    "Ada Ben Carla Dmitri Elif Farid Grace Hugo Ines Jun Katya Lars Mina Noor Olga Pavel Quinn Rosa Sam".split()
)
LAST = tuple("Abel Brandt Costa Duarte Eriksen Fontaine Gupta Haas Ito Jansen Kovacs Lopez Meyer Novak Okafor".split())
MAIL_OF_READERS = ("gmail.example", "outlook.example", "posteo.example", "uni.example", "{first}.example")
SITES_OF_READERS = ("{first}{last}.example", "{first}.dev.example", "blog.{last}.example", "notes-of-{first}.example")
LINKS_OF_READERS = (
    "https://github.example/{last}/{first}/issues/{number}",
    "https://docs.example/book/ch{number}.html",
    "https://forum.example/t/{number}",
    "https://wiki.example/{last}",
)

OPENINGS = (
    "{Thanks|Thank you} for {writing this up|this post|the explanation}.",
    "{Great|Nice|Lovely} {post|write-up|work}!",
    "I {tried|did} this {yesterday|last week|at work} and it {worked|failed|was slow}.",
    "{Small|Tiny} {correction|typo}: in the {second|third|last} paragraph.",
    "{Maybe|Perhaps} I {misunderstood|missed} something, but",
    "{How|Why} does this {work|compare} {on Windows|with older versions|in practice}?",
    "I {disagree|am not sure} here.",
    "We {ran into|had} the same {problem|bug} {in production|two years ago}.",
    "{Congratulations|Congrats} to {everyone|the whole team}!",
    "{Is|Will} there {be|going to be} a follow-up?",
    "As a {beginner|teacher|maintainer}, I {like|find} this {a lot|confusing}.",
    "{Regarding|About} this:",
)
SHORT = (
    "{Thanks|Thank you}, this {helped|saved my day}!",
    "{Great|Nice|Very good} {post|article|read}, {thanks|thank you}.",
    "{Works|Worked} for me.",
    "+1, {same here|exactly}.",
    "{Looking forward|Can't wait} to the next {part|release}!",
    "I {love|like} your blog, keep {writing|it up}.",
    "{Broken|Dead} link in the {footer|first section}, by the way.",
    "{Could|Would} you share the {code|recipe|numbers}?",
    "{Happy|Glad} to {see|read} this.",
    "What a {lovely|sad|fun} story.",
)
SALES_WORDS = (
    "I {bought|ordered} the {cheap|discount} {keyboard|watch} you {reviewed|linked}, and the "
    "{shipping|delivery} was slow.",
    "My {bank|doctor|insurance} said the same about {loans|pills|credit}, so {careful|thanks for the warning}.",
    "{Google|The search engine} {ranks|shows} your old post first, {maybe|could you} redirect it?",
    "I {lost|won} {ten|twenty} euros in that {casino|lottery} scene you describe, {great|funny} film.",
    "Is {bitcoin|crypto} {mining|trading} really {worth|using} that much energy? {Free|Cheap} power is not free.",
)
# Sincere, and of blogs on other subjects than the one that the filter was trained on.
ELSEWHERE = (
    "I {baked|made} this {bread|cake} {yesterday|on Sunday} and the {crust|crumb} was {perfect|too dense}. "
    "{Next time|Maybe} "
    "I will use less {water|sugar|salt}. My {kids|neighbours} {loved|finished} it in {ten|five} minutes.",
    "We {visited|walked} the {old town|coast path} in {May|October}. {The|That} bus from the {station|harbour} "
    "{still|no longer} "
    "runs on Sundays, and the {little|family} hotel you {mention|recommend} {is closed|has new owners}.",
    "{Slugs|Mice} {ate|found} all my {lettuce|beans} again. Does {copper tape|coffee} {really|ever} help? I planted "
    "{garlic|marigolds} between the rows, as {my mother|an old book} {says|advised}.",
    "Our {daughter|son} {started|hated} school the same week, so your {story|letter} made me {cry|smile}. It "
    "{gets|got} easier "
    "after {Christmas|the holidays}, I promise.",
    "{Careful|Note}: the pension {rules|rates} changed in {January|April}, and a {bank|lender} may {now|still} "
    "ask for your payslips. "
    "I {paid|saved} {200|500} {euros|dollars} in fees by {calling|asking} first.",
    "My {doctor|nurse} {prescribed|tried} other tablets for the {migraine|back pain}, and {sleeping|walking} "
    "more helped "
    "{just as|almost as} much. {Thank you for|I am glad you are} writing so openly about {it|your illness}.",
    "The {second|final} movement {drags|sings} in this {recording|concert}. {Have|Did} you {heard|hear} the one from "
    "{1962|Vienna}? The {oboe|cello} alone is worth {the price|an evening}.",
    "Which {lens|film} did you use for the {heron|third picture}? I {sit|wait} at that {lake|pond} every "
    "{morning|weekend} and only "
    "ever {photograph|get} {ducks|fog}.",
    "I {rode|cycled} that {pass|stage} on a {steel|borrowed} bike in {1998|the rain}. {Brakes|Tyres} were worse "
    "then, {knees|legs} "
    "were better. What {gears|ratio} would you {take|choose} today?",
    "The {author|translator} {deserves|needs} {a mention|more credit}: the {German|earlier} edition "
    "{loses|keeps} the {joke|rhyme} in "
    "chapter {four|nine}, and nobody {noticed|minded} for {years|decades}.",
    "{Is|Was} the {museum|library} {free|open} on {Mondays|holidays}? We {travel|come} with a {wheelchair|pram}, and "
    "their {page|phone} says nothing about {lifts|ramps}.",
    "I {inherited|bought} the same {watch|camera} {at a flea market|from my uncle}, {cheap|broken}, and "
    "{repaired|cleaned} it with your {guide|pictures}. It {runs|works} {again|like new}!",
)


def _sentences(path: Path) -> list[str]:
    """The sentences of a Markdown file, without its front matter, its code and its lists of links."""
    text = re.sub(r"\A\+\+\+.*?\+\+\+|^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^[\[#|>*-].*$", "", text, flags=re.MULTILINE)
    plain = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?", r"\1", " ".join(text.split()))
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", plain) if 30 < len(sentence) < 300]


class Readers:
    """Sincere writers, who quote and discuss the posts of a blog: a Markdown file each, read where they lie."""

    def __init__(self, chance: random.Random, posts: Iterable[Path], part: int) -> None:
        """`part`, 0 or 1, chooses half of the posts, phrases and names: those to train with, or those to try."""
        self.chance = chance
        found = [_sentences(path) for path in sorted(posts)[part::2]]
        self.posts = [sentences for sentences in found if len(sentences) > 5]
        self.openings, self.short, self.sales = OPENINGS[part::2], SHORT[part::2], SALES_WORDS[part::2]
        self.first, self.last = FIRST[part::2], LAST[part::2]

    def write(self) -> Text:
        """More often than not a thought about the post; else one with a link, a short word, or words that spam has."""
        roll = self.chance.random()
        if roll < 0.25:
            return self.sign("short", self.phrase(self.short))
        if roll < 0.30:
            return self.sign("sales words", f"{self.phrase(self.openings)} {self.phrase(self.sales)}")
        if roll < 0.45:
            return self.sign("with a link", f"{self.thought()} See {self.fill(self.chance.choice(LINKS_OF_READERS))}")
        return self.sign("about the post", self.thought())

    def elsewhere(self) -> Text:
        body = self.phrase(ELSEWHERE)
        return self.sign("elsewhere", f"{self.phrase(self.openings)} {body}" if self.chance.random() < 0.5 else body)

    def thought(self) -> str:
        sentences = self.chance.choice(self.posts)
        first = self.chance.randrange(len(sentences))
        quoted = " ".join(sentences[first : first + self.chance.randint(1, 4)])
        return f"{self.phrase(self.openings)} {quoted}" if self.chance.random() < 0.8 else quoted

    def phrase(self, phrases: tuple[str, ...]) -> str:
        return spun(self.chance, self.chance.choice(phrases))

    def fill(self, pattern: str) -> str:
        first, last = self.chance.choice(self.first), self.chance.choice(self.last)
        return pattern.format(first=first.lower(), last=last.lower(), number=self.chance.randrange(1, 400))

    def sign(self, kind: str, body: str) -> Text:
        chance = self.chance
        name = chance.choice(self.first) + (f" {chance.choice(self.last)}" if chance.random() < 0.5 else "")
        mail = f"{name.split()[0].lower()}@{self.fill(chance.choice(MAIL_OF_READERS))}" if chance.random() < 0.7 else ""
        site = f"https://{self.fill(chance.choice(SITES_OF_READERS))}" if chance.random() < 0.25 else ""
        return Text(kind, body, name, mail, site)

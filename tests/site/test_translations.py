"""The catalogues in locale/ are whole: what `make messages` and a translator together must leave behind."""

from __future__ import annotations

import re
from pathlib import Path

import django
import polib
import pytest

from .catalogues import ROOT, catalogues, messages, messages_of_code, messages_of_template

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
CONTRIBUTED = ["contrib/admin", "contrib/auth"]
TAG = re.compile(r"</?[a-z][^>]*>")

each_catalogue = pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])


def forms(entry: polib.POEntry) -> list[str]:
    """Every translation of an entry: one, or one for each plural form."""
    return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)] or [entry.msgstr]


def name(entry: polib.POEntry) -> str:
    return f"{entry.msgctxt}: {entry.msgid}" if entry.msgctxt else entry.msgid


def test_there_are_a_german_and_a_spanish_catalogue():
    assert {path.parts[-3] for path in catalogues()} >= {"de", "es"}


@each_catalogue
def test_a_catalogue_has_what_the_code_says_and_nothing_else(path: Path):
    entries = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in polib.pofile(path)}
    # A text that stands alone in one place and is counted in another is one entry.
    texts = {(context, text) for context, text, _ in messages()}
    assert sorted(texts - {entry[:2] for entry in entries}) == [], "new texts: run `make messages` and translate them"
    assert sorted({entry[:2] for entry in entries} - texts) == [], "texts that are gone: run `make messages`"


@each_catalogue
def test_every_text_is_translated(path: Path):
    catalogue = polib.pofile(path)
    assert [name(entry) for entry in catalogue if not all(forms(entry)) or entry.fuzzy or entry.obsolete] == []


@each_catalogue
def test_a_translation_has_the_placeholders_and_the_tags_of_its_text(path: Path):
    wrong = []
    for entry in polib.pofile(path):
        texts = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        for pattern in (PLACEHOLDER, TAG):
            allowed = [sorted(pattern.findall(text)) for text in texts]
            wrong += [form for form in forms(entry) if form and sorted(pattern.findall(form)) not in allowed]
    assert wrong == []


def test_a_text_for_one_says_nothing_that_the_text_for_many_does_not():
    """In many languages the form for one thing is also that for twenty-one; GNU gettext refuses such a text."""
    wrong = [
        text
        for _, text, plural in messages()
        if plural and not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(plural))
    ]
    assert wrong == []


@each_catalogue
def test_a_counted_text_has_all_the_forms_of_its_language(path: Path):
    catalogue = polib.pofile(path)
    count = int(re.search(r"nplurals=(\d+)", catalogue.metadata["Plural-Forms"])[1])
    assert [name(entry) for entry in catalogue if entry.msgid_plural and len(forms(entry)) != count] == []


@each_catalogue
def test_what_is_compiled_is_what_is_written(path: Path):
    def texts(catalogue: polib.POFile | polib.MOFile) -> dict[tuple, list[str]]:
        return {(entry.msgctxt, entry.msgid): forms(entry) for entry in catalogue if all(forms(entry))}

    assert texts(polib.mofile(path.with_suffix(".mo"))) == texts(polib.pofile(path)), "run `make messages`"


@each_catalogue
def test_a_translation_is_set_as_type_is(path: Path):
    """No quotes or dots of a typewriter, and no space lost or won at the ends."""
    wrong = []
    for entry in polib.pofile(path):
        for form in filter(None, forms(entry)):
            bare = TAG.sub("", form)
            if '"' in bare or "..." in bare or (form.strip() != form) != (entry.msgid.strip() != entry.msgid):
                wrong.append(form)
    assert wrong == []


def test_no_word_of_django_is_kept_that_django_says_itself():
    words = (ROOT / "blogsite" / "words_of_django.py").read_text()
    kept = {text for _, text, _ in messages_of_code(words)}
    assert kept
    known = [{entry.msgid for entry in words_of_django(code) if entry.translated()} for code in ("de", "es")]
    assert kept & set.intersection(*known) == set()


def words_of_django(code: str) -> list[polib.POEntry]:
    folders = [Path(django.__file__).parent / place / "locale" / code for place in ("conf", *CONTRIBUTED)]
    return [entry for folder in folders for entry in polib.pofile(folder / "LC_MESSAGES" / "django.po")]


def test_texts_are_found_in_code_and_in_templates():
    code = """
_("One"), gettext("Two " "lines"), _(name)
ngettext("%(n)s part", "%(n)s parts", n), pgettext("verb", "Post")
"""
    assert set(messages_of_code(code)) == {
        ("", "One", ""),
        ("", "Two lines", ""),
        ("", "%(n)s part", "%(n)s parts"),
        ("verb", "Post", ""),
    }
    template = (
        "{% load i18n %}{% translate 'It’s' %}{% translate \"May\" context \"month\" %}{{ x|default:_('None') }}"
        "{% blocktranslate trimmed count n=3 %}\n  {{ n }} part\n{% plural %}{{ n }} parts{% endblocktranslate %}"
    )
    assert set(messages_of_template(template)) == {
        ("", "It’s", ""),
        ("month", "May", ""),
        ("", "None", ""),
        ("", "%(n)s part", "%(n)s parts"),
    }

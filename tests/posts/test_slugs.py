import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.slugs import available, slugify

SCRIPT = Path(__file__).parents[2] / "static/js/slug.js"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("Announcing Rust 1.94.1", "announcing-rust-1-94-1"),
        ("Größe & Ärger", "grosse-arger"),
        ("Café — déjà vu", "cafe-deja-vu"),
        ("What's in a name?", "whats-in-a-name"),
        ("日本語の題", "日本語の題"),
        ("__init__", "init"),
        ("…", ""),
        ("", ""),
    ],
)
def test_titles_become_addresses(title, slug):
    assert slugify(title) == slug


@given(st.text(max_size=300))
def test_a_slug_is_short_lower_case_and_stable(title):
    slug = slugify(title)
    assert len(slug) <= 120
    assert slugify(slug) == slug
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_a_long_title_is_cut_at_a_word():
    assert slugify("word " * 60, max_length=22) == "word-word-word-word"


def test_a_taken_slug_gets_a_number_within_the_length():
    taken = {"abcdef", "abcd-2"}
    assert available("abcdef", taken.__contains__, max_length=6) == "abcd-3"


TITLES = [
    "A picnic before the tide",
    "  What's   new?  ",
    "L’été à Zürich",
    "Straße & Æther, Ørsted; Łódź",
    "日本語のタイトル",
    "한국어 제목",
    "C++ and C#",
    "½ + ﬁne ① ²",
    "snake_case__title",
    "---",
    "🧂 salt",
    "İstanbul ı",
    "Ελληνικός τίτλος ΣΑΣ",
    "हिन्दी शीर्षक",
    "word " * 60,
    "x" * 300,
    "abcde-" * 20 + "tail",
]


def test_the_script_makes_the_slugs_that_the_server_makes():
    node = shutil.which("node")
    if not node:
        pytest.skip("Node is not installed, so the script's slugs are not compared with the server's.")
    source = SCRIPT.read_text().partition("for (const field")[0]
    code = f"{source}\nconsole.log(JSON.stringify({json.dumps(TITLES)}.map(slugify)));"
    run = subprocess.run([node, "--input-type=module", "-e", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [slugify(title) for title in TITLES]

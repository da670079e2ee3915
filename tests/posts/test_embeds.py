"""Videos and recordings of other sites: a link, and a player that nobody loads but the reader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts import markup
from tests.factories import make_draft, make_page, make_post

from .judge import faults, html

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"


def players(source: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'data-embed="(.*?)"', html(source))]


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (VIDEO, PLAYER),
        ("http://youtube.com/watch?feature=x&v=dQw4w9WgXcQ", PLAYER),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=90s", f"{PLAYER}&start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=90", f"{PLAYER}&start=90"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", PLAYER),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?si=x", PLAYER),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://www.dailymotion.com/video/x8abcde", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://soundcloud.com/a/b-c", "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b-c"),
        ("https://archive.org/details/a.b_c", "https://archive.org/embed/a.b_c"),
    ],
)
def test_a_link_alone_in_its_paragraph_becomes_a_player_to_ask_for(address, player):
    assert players(address) == [player]
    assert players(f"<{address}>") == [player]


def test_without_script_it_is_a_link_in_a_figure():
    assert html(VIDEO) == (
        f'<figure class="embed" data-embed="{PLAYER}" data-load="Load the video from youtube-nocookie.com">'
        f'<a href="{VIDEO}" rel="noopener">Watch on YouTube</a></figure>'
    )


@pytest.mark.parametrize(
    "source",
    [
        f"See {VIDEO} for more.",
        f"[A title]({VIDEO})",
        f"- {VIDEO}",
        f"> # {VIDEO}",
        f"`{VIDEO}`",
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/watch?v=short",
        "https://youtube.com.example/watch?v=dQw4w9WgXcQ",
        "https://e.example/https://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/about",
        f"{VIDEO}{'&a=b' * 100}",
    ],
)
def test_other_links_stay_links(source):
    assert players(source) == []


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" width="560" allowfullscreen></iframe>',
        '<p><iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe></p>',
        '<div><embed src="https://youtube.com/embed/dQw4w9WgXcQ"></div>',
    ],
)
def test_an_authors_own_frame_becomes_one_too(frame):
    assert players(frame) == [PLAYER]
    assert "<iframe" not in html(frame)


def test_a_frame_gives_its_title_to_the_link():
    rendered = html('<iframe title="Two &lt;b&gt; or three" src="https://youtu.be/dQw4w9WgXcQ"></iframe>')
    assert "Two &lt;b&gt; or three (Watch on YouTube)</a>" in rendered


def test_within_a_line_a_frame_is_a_link():
    rendered = html('Before <iframe src="https://youtu.be/dQw4w9WgXcQ"></iframe> after')
    assert "<figure" not in rendered
    assert 'href="https://youtu.be/dQw4w9WgXcQ"' in rendered


@pytest.mark.parametrize(
    "player",
    [
        "https://evil.example/embed/x",
        "javascript:alert(1)",
        "https://www.youtube-nocookie.com@evil.example/x",
        "https://www.youtube-nocookie.com.evil.example/x",
        "//www.youtube-nocookie.com/x",
        "https://archive.org\\@evil.example/x",
        "https://archive.org/x#';frame-src *",
    ],
)
def test_an_author_cannot_name_another_player(player):
    rendered = html(f'<figure class="embed" data-embed="{player}" data-load="Load"><a href="/x">x</a></figure>')
    assert "data-embed" not in rendered
    assert markup.hosts_in(rendered) == []


def test_hosts_are_told_of_what_was_rendered_alone():
    rendered = html(f"{VIDEO}\n\nhttps://vimeo.com/76979871\n\nhttps://vimeo.com/76979872")
    assert markup.hosts_in(rendered) == ["player.vimeo.com", "www.youtube-nocookie.com"]
    assert markup.hosts_in('&lt;figure class="embed" data-embed="https://archive.org/embed/x"&gt;') == []
    assert markup.hosts_in('<figure class="embed" data-embed="https://evil.example/embed/x">') == []


@given(st.text(max_size=60))
def test_no_address_is_too_strange(rest):
    for start in ("https://youtu.be/", f"{VIDEO}", "https://soundcloud.com/", "https://archive.org/details/"):
        assert faults(html(f'{start}{rest}\n\n<iframe src="{start}{rest}"></iframe>')) == []


def test_a_feed_has_the_link():
    rendered = markup.for_feed(html(VIDEO), "https://blog.example/posts/x/")
    assert rendered == f'<p><a href="{VIDEO}" rel="noopener">Watch on YouTube</a></p>'


def test_a_comment_has_no_players():
    assert "<figure" not in markup.render_comment(VIDEO)


def test_an_excerpt_does_not_quote_the_link():
    assert markup.render(f"{VIDEO}\n\nA fine song.").excerpt == "A fine song."


# The page's policy


def frames(client, address: str) -> list[str]:
    policy = client.get(address).headers["Content-Security-Policy"]
    return re.findall(r"frame-src ([^;]*)", policy)[0].split()


@pytest.mark.django_db
def test_only_a_page_with_a_player_lets_its_host_in(client):
    post, other = make_post(body=VIDEO), make_post()
    assert frames(client, post.get_absolute_url()) == ["'self'", "https://www.youtube-nocookie.com"]
    assert frames(client, other.get_absolute_url()) == ["'self'"]
    assert frames(client, "/") == ["'self'"]
    assert frames(client, make_page(body="https://vimeo.com/1").get_absolute_url())[1] == "https://player.vimeo.com"


@pytest.mark.django_db
def test_the_rest_of_the_policy_stays(client):
    post, other = make_post(body=VIDEO), make_post()
    policies = [client.get(text.get_absolute_url()).headers["Content-Security-Policy"] for text in (post, other)]
    assert policies[0].replace(" https://www.youtube-nocookie.com", "") == policies[1]


@pytest.mark.django_db
def test_the_script_comes_only_where_there_is_something_to_load(client):
    post, other = make_post(body=VIDEO), make_post()
    assert "js/embeds" in client.get(post.get_absolute_url()).text
    assert "js/embeds" not in client.get(other.get_absolute_url()).text


@pytest.mark.django_db
def test_an_editor_sees_a_draft_with_its_player(eva):
    assert len(frames(eva, make_draft(body=VIDEO).get_absolute_url())) == 2

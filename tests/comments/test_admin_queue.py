"""What a moderator sees: the queue, its tabs and filters, and the desk's first page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Notice, Report
from tests.comments.desk import QUEUE, make_waiting
from tests.costs import queries_of
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def test_the_queue_opens_with_what_waits(moderator):
    make_comment(body="I wait.", status="pending")
    make_comment(body="I stand.", status="approved")
    make_comment(body="I sell.", status="spam")

    page = moderator.get(QUEUE).content.decode()

    assert "I wait." in page
    assert "I stand." not in page
    assert "I sell." not in page


@pytest.mark.parametrize(("show", "seen"), [("approved", "I stand."), ("spam", "I sell."), ("trash", "I am gone.")])
def test_the_filter_shows_the_rest(moderator, show, seen):
    make_comment(body="I stand.", status="approved")
    make_comment(body="I sell.", status="spam")
    make_comment(body="I am gone.").delete()

    page = moderator.get(f"{QUEUE}?show={show}").content.decode()

    assert [text for text in ("I stand.", "I sell.", "I am gone.") if text in page] == [seen]


def test_a_comment_is_read_in_full_and_in_its_context(moderator):
    post = make_post("On bread")
    parent = make_comment(post, "Is rye better?", author_name="Ada")
    make_comment(
        post,
        "*Always.*",
        parent=parent,
        author_name="Ben",
        email="ben@example.org",
        status="pending",
        reasons=[{"code": "all_held"}],
    )

    page = moderator.get(QUEUE).content.decode()

    for words in ("On bread", "In reply to Ada", "Is rye better?", "<em>Always.</em>", "Ben", "ben@example.org"):
        assert words in page
    assert "Every comment waits for a moderator." in page


@pytest.mark.parametrize("query", ["show=nonsense", "post=x", "post=99999999999999999999", "p=99", "q=%00", "q=bread"])
def test_odd_questions_get_an_answer(moderator, query):
    make_comment(status="pending")
    assert moderator.get(f"{QUEUE}?{query}", follow=True).status_code == 200


def test_the_comments_of_one_post(moderator):
    bread, cake = make_post("On bread"), make_post("On cake")
    make_comment(bread, "Rye.")
    make_comment(cake, "Cream.")

    page = moderator.get(f"{QUEUE}?show=all&post={bread.pk}").content.decode()

    assert "Rye." in page
    assert "Cream." not in page


def test_a_search_looks_at_names_words_and_titles(moderator):
    make_comment(make_post("On bread"), "Rye.", author_name="Ada")
    make_comment(make_post("On cake"), "Cream.", author_name="Ben")

    for words in ("rye", "ada", "BREAD", "bread rye", '"on bread" ada'):
        page = moderator.get(QUEUE, {"show": "all", "q": words}).content.decode()
        assert "Rye." in page
        assert "Cream." not in page
    assert "Rye." not in moderator.get(QUEUE, {"show": "all", "q": '"bread on"'}).content.decode()


def test_a_search_reads_the_newest_alone_but_finds_an_address_among_all(moderator, monkeypatch):
    monkeypatch.setattr("comments.admin.queue.SEARCHED", 1)
    make_comment(body="The older rye.", email="ada@example.org")
    make_comment(body="The newer rye.")
    page = moderator.get(f"{QUEUE}?show=all&q=rye").content.decode()
    assert "The newer rye." in page
    assert "The older rye." not in page
    assert "The older rye." in moderator.get(f"{QUEUE}?show=all&q=Ada@example.org").content.decode()


@pytest.mark.parametrize("show", ["", "approved", "all", "trash"])
def test_many_comments_cost_what_few_cost(moderator, show):
    def populate(number):
        for _ in range(number):
            parent = make_comment(status="pending")
            make_comment(parent.post, parent=parent, status="pending")
            make_comment(parent.post, parent=parent)
            make_comment(parent.post, parent=parent).delete()

    address = f"{QUEUE}?show={show}"
    populate(1)
    few = queries_of(moderator, address)
    populate(7)
    assert queries_of(moderator, address) == few


def test_the_desk_tells_how_many_wait(moderator):
    assert "No comment is waiting." in moderator.get("/admin/").content.decode()

    comment = make_comment(make_post("On bread"), author_name="Ada", status="pending")
    make_comment()
    page = moderator.get("/admin/").content.decode()

    assert "1 comment waits" in page
    assert f'<a href="{QUEUE}?post={comment.post_id}">Ada</a>' in page


def test_an_author_s_desk_is_silent_about_comments(client):
    client.force_login(make_staff(group="Author"))
    make_comment(status="pending")
    assert "comment waits" not in client.get("/admin/").content.decode()


def tabs(page):
    """What the tabs say, such as "Waiting 3"."""
    names = re.findall(r"<li><a href=[^>]+>([^<]+?)(?: <span class=\"number\">([^<]+)</span>)?</a></li>", page)
    return {name: number for name, number in names if name in {"Waiting", "Approved", "Spam", "All", "Trash"}}


def test_the_tabs_count(moderator):
    for state, number in (("pending", 3), ("approved", 2), ("spam", 1)):
        for _ in range(number):
            make_comment(status=state)
    make_comment().delete()

    page = moderator.get(QUEUE).content.decode()

    assert tabs(page) == {"Waiting": "3", "Approved": "2", "Spam": "1", "All": "6", "Trash": "1"}


def test_a_flood_is_counted_no_further_than_matters(moderator, monkeypatch):
    monkeypatch.setattr("posts.admin.counting.COUNTED", 2)
    for _ in range(4):
        make_waiting()
    monkeypatch.setattr("comments.admin.filters.counts.__kwdefaults__", {"limit": 2})
    assert tabs(moderator.get(QUEUE).content.decode())["Waiting"] == "2+"


def test_the_parent_is_shown_as_readers_see_it_but_short(moderator):
    parent = make_comment(body="Is **rye** better? " + "And wheat? " * 100, author_name="Ada")
    make_waiting(parent.post, parent=parent)

    page = moderator.get(QUEUE).content.decode()

    assert "<strong>rye</strong>" in page
    assert page.count("And wheat?") < 30


def test_a_parent_that_is_not_public_is_marked_so(moderator):
    parent = make_comment(status="spam")
    make_waiting(parent.post, parent=parent)
    assert '<span class="badge spam">Spam</span>' in moderator.get(QUEUE).content.decode()


def test_what_is_known_of_the_writer(moderator):
    make_comment(email="ada@example.org")
    make_comment(email="ada@example.org")
    make_comment(email="ada@example.org", status="spam")
    make_waiting(email="ada@example.org")
    assert "2 approved before" in moderator.get(QUEUE).content.decode()


def test_an_approved_comment_is_not_its_own_forerunner(moderator):
    make_comment(email="ada@example.org")
    assert "None approved before" in moderator.get(f"{QUEUE}?show=approved").content.decode()


def test_reports_of_readers_are_told(moderator):
    comment = make_waiting()
    Report.objects.create(comment=comment, address_hash="a")
    Report.objects.create(comment=comment, address_hash="b")
    assert "Reported by 2 readers." in moderator.get(QUEUE).content.decode()


def test_the_filter_s_evidence_is_told(moderator):
    make_waiting(reasons=[{"code": "filter_suspects", "percent": 96, "words": ["casino", "bonus"]}])
    assert "(96%), because of: casino, bonus." in moderator.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    "query", ["email=ada@example.org", "email=ADA@example.org", "network=203.0.113.0/24", "network=203.0.113.9/24"]
)
def test_all_from_one_writer_or_one_network(moderator, query):
    make_comment(body="Rye.", email="ada@example.org", address_range="203.0.113.0/24", address_hash="a")
    make_comment(body="Cream.", email="ben@example.org", address_range="198.51.100.0/24", address_hash="b")

    page = moderator.get(f"{QUEUE}?show=all&{query}").content.decode()

    assert "Rye." in page
    assert "Cream." not in page


@pytest.mark.parametrize("query", ["network=x", "network=%00", "email=%00", "email=", "network=1.2.3.4/99", "o=1"])
def test_filters_survive_nonsense(moderator, query):
    make_waiting()
    assert moderator.get(f"{QUEUE}?{query}", follow=True).status_code == 200


def test_the_trash_begins_with_what_was_thrown_away_last(moderator):
    first, second = make_comment(body="First."), make_comment(body="Second.")
    second.delete()
    first.delete()
    Comment.all_objects.filter(pk=second.pk).update(deleted_at=timezone.now() - timedelta(days=1))
    page = moderator.get(f"{QUEUE}?show=trash").content.decode()
    assert page.index("First.") < page.index("Second.")


def test_spam_is_not_answered_in_place(moderator):
    make_comment(status="spam")
    assert "data-reply" not in moderator.get(f"{QUEUE}?show=spam").content.decode()


def test_the_desk_tells_what_came_today_and_which_mail_did_not_arrive(moderator):
    make_comment(status="spam")
    make_comment()
    Notice.objects.create(kind="held", email="mo@example.org", given_up_at=timezone.now())

    page = moderator.get("/admin/").content.decode()

    assert "1 approved, 0 held, 1 spam" in page
    assert "Mail that did not arrive" in page
    assert "No comment is waiting." in page


def test_the_navigation_counts_what_waits(moderator):
    make_waiting()
    assert '<span class="visually-hidden"> (1 waits)</span>' in moderator.get(QUEUE).content.decode()

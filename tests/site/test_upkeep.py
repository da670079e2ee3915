"""The commands that a timer runs: what time takes away, and that nothing else goes."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from comments import spam_filter, upkeep
from comments.models import Attempt, Comment, Notice, Report, Subscription, Word
from posts.models import Author, Category, Page, Post, Series, SiteSettings, Tag
from tests.factories import make_author, make_category, make_comment, make_draft, make_page, make_post, make_series

pytestmark = pytest.mark.django_db


def days_ago(number: int):
    return timezone.now() - timedelta(days=number)


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def trash_since(days: int, *rows) -> None:
    for row in rows:
        row.delete()
        type(row).all_objects.filter(pk=row.pk).update(deleted_at=days_ago(days))


class TestPurgeTrash:
    def test_all_kinds_go_once_a_month_has_passed_in_an_order_that_works(self):
        author, category, series = make_author(), make_category(), make_series()
        post = make_post(author=author, categories=[category], series=series, tags=["rye"])
        comment = make_comment(make_post())
        make_comment(post)
        trash_since(31, comment, post, make_page(), series, category, Tag.objects.get(), author)
        report = run("purge_trash")
        assert report == (
            "Comments: 1 deleted, 0 emptied.\nPosts: 1 deleted.\nPages: 1 deleted.\nSeries: 1 deleted.\n"
            "Tags: 1 deleted.\nCategories: 1 deleted.\nAuthors: 1 deleted.\n"
        )
        for model in (Comment, Page, Series, Tag, Category):
            assert not model.all_objects.exists(), model
        assert Post.all_objects.count() == Author.all_objects.count() == 1, "of the post that stays"

    def test_what_lies_there_for_less_stays_and_a_second_run_finds_nothing(self):
        trash_since(29, make_draft(), make_page())
        trash_since(31, make_page())
        assert "Pages: 1 deleted." in run("purge_trash")
        assert "Pages: 0 deleted." in run("purge_trash")
        assert Post.trash.exists()
        assert Page.trash.exists()

    def test_days_may_be_told(self):
        trash_since(8, make_page())
        assert "Pages: 1 deleted." in run("purge_trash", "--days", "7")

    @pytest.mark.parametrize("days", ["-1", "many"])
    def test_days_are_a_number(self, days):
        with pytest.raises(CommandError, match="is not a number of days"):
            run("purge_trash", "--days", days)

    def test_a_dry_run_tells_and_deletes_nothing(self):
        post = make_post()
        answered, alone = make_comment(post), make_comment(post)
        make_comment(post, parent=answered)
        trash_since(31, answered, alone, make_page())
        report = run("purge_trash", "--dry-run")
        assert "nothing was deleted" in report
        assert "Comments: 1 deleted, 1 emptied." in report
        assert "Pages: 1 deleted." in report
        assert Comment.trash.count() == 2
        assert Page.trash.count() == 1

    def test_a_comment_that_others_have_answered_is_emptied_once_and_keeps_its_place(self):
        post = make_post()
        answered = make_comment(post, author_name="Grace", email="grace@example.org")
        reply = make_comment(post, parent=answered)
        trash_since(31, answered)
        assert "Comments: 0 deleted, 1 emptied." in run("purge_trash")
        assert "Comments: 0 deleted, 0 emptied." in run("purge_trash")
        place = Comment.trash.get()
        assert (place.pk, place.email, place.stands) == (answered.pk, "", True)
        assert "Grace" not in place.author_name
        reply.delete()
        assert "Comments: 1 deleted, 0 emptied." in run("purge_trash"), "nothing stands below it any more"

    def test_an_author_stays_as_long_as_a_post_needs_them(self):
        author, shared = make_author(), make_author()
        draft = make_draft(author=author)
        draft.co_authors.add(shared)
        trash_since(10, draft)
        trash_since(31, author, shared)
        assert "Authors: 0 deleted." in run("purge_trash")
        draft.restore()
        assert draft.author == author

    def test_the_filter_keeps_what_it_learnt_from_spam_that_is_gone(self):
        comment = make_comment(body="Cheap pills.", status="spam")
        spam_filter.learn(Comment.objects.all(), "spam")
        trash_since(31, comment)
        run("purge_trash")
        assert Word.objects.get(word="pills").spam == 1

    def test_many_go_in_batches(self, monkeypatch):
        monkeypatch.setattr(upkeep, "BATCH", 2)
        post = make_post()
        trash_since(31, *[make_comment(post) for _ in range(5)])
        make_comment(post)
        assert "Comments: 5 deleted" in run("purge_trash")
        post.refresh_from_db()
        assert post.comment_count == Comment.all_objects.count() == 1

    def test_whoever_interrupts_it_may_run_it_again(self, monkeypatch):
        trash_since(31, make_page(), make_page())
        purge, calls = Page.trash.none().__class__.purge, []

        def interrupted(rows):
            calls.append(rows)
            if len(calls) > 1:
                raise KeyboardInterrupt
            return purge(rows)

        with monkeypatch.context() as patch:
            patch.setattr(Page.trash.none().__class__, "purge", interrupted)
            with pytest.raises(SystemExit) as ended:
                run("purge_trash")
        assert ended.value.code == 130
        assert Page.trash.count() == 1
        assert "Pages: 1 deleted." in run("purge_trash")


def from_somewhere(post, days: int) -> Comment:
    return make_comment(
        post, address_hash="ab" * 16, address_range="203.0.113.0/24", created_at=days_ago(days), status="spam"
    )


class TestEraseAddresses:
    def test_where_comments_came_from_is_forgotten_after_the_days_of_the_settings(self, monkeypatch):
        monkeypatch.setattr(upkeep, "BATCH", 2)
        SiteSettings(comment_address_days=10).save()
        post = make_post()
        old = [from_somewhere(post, 11) for _ in range(5)]
        old[0].delete()
        young = from_somewhere(post, 9)
        assert "addresses of 5 comments" in run("erase_addresses")
        assert "addresses of 0 comments" in run("erase_addresses")
        kept = Comment.all_objects.exclude(address_hash="", address_range="")
        assert [comment.pk for comment in kept] == [young.pk]

    def test_reports_are_counted_on_but_nobody_knows_whose_they_were(self):
        comment = make_comment()
        for address in ("ab" * 16, "cd" * 16):
            report = Report.objects.create(comment=comment, address_hash=address)
            Report.objects.filter(pk=report.pk).update(created_at=days_ago(31))
        young = Report.objects.create(comment=comment, address_hash="ef" * 16)
        assert "who made 2 reports" in run("erase_addresses")
        assert "who made 0 reports" in run("erase_addresses")
        hashes = {report.pk: report.address_hash for report in comment.reports.all()}
        assert len(set(hashes.values())) == 3
        assert hashes.pop(young.pk) == "ef" * 16
        assert all(value.startswith("erased-") for value in hashes.values())

    def test_counters_go_when_their_ten_minutes_are_over(self):
        Attempt.objects.create(key="old", since=timezone.now() - timedelta(minutes=11), number=3)
        Attempt.objects.create(key="young", since=timezone.now(), number=3)
        assert "1 counters" in run("erase_addresses")
        assert [attempt.key for attempt in Attempt.objects.all()] == ["young"]

    def test_a_subscription_that_nobody_confirms_goes_after_a_month(self):
        post = make_post()
        Subscription.objects.create(post=post, email="old@example.org", created_at=days_ago(32))
        Subscription.objects.create(post=post, email="young@example.org", created_at=days_ago(30))
        confirmed = {"created_at": days_ago(900), "confirmed_at": days_ago(899)}
        Subscription.objects.create(post=post, email="loyal@example.org", **confirmed)
        assert "Deleted 1 subscriptions" in run("erase_addresses")
        assert {row.email for row in Subscription.objects.all()} == {"young@example.org", "loyal@example.org"}

    def test_notes_of_mail_go_after_a_month_and_links_to_own_data_after_two_days(self):
        comment = make_comment()
        for number, kind in enumerate(["held", "reply"]):
            sent = {"created_at": days_ago(32 - 2 * number), "sent_at": timezone.now()}
            Notice.objects.create(kind=kind, email="ada@example.org", comment=comment, **sent)
        for days in (1, 3):
            Notice.objects.create(kind="own_data", email="ada@example.org", created_at=days_ago(days))
        assert "Deleted 2 notes of mail" in run("erase_addresses")
        assert sorted(notice.kind for notice in Notice.objects.all()) == ["own_data", "reply"]

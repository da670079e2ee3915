"""What is stored of a commenter: theirs to see, to take along and to have erased, by a link in their mail."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.utils import timezone

from comments import privacy, spam_filter, verbs
from comments.limits import LINKS_TO_OWN_DATA, ORDERS_OF_MAIL
from comments.mail.notifications import OWN_DATA_A_DAY
from comments.models import Attempt, Ban, Comment, Notice, Report, Subscription, Word
from posts.models import Post
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

ASK = "/comments/my-data/"
GRACE = "grace@example.org"


@pytest.fixture
def bread() -> Post:
    return make_post("Bread", slug="bread")


def of_grace(post, body="Rye is better.", **overrides) -> Comment:
    return make_comment(post, body, **{"author_name": "Grace Hopper", "email": GRACE, **overrides})


def link_to_own_data(client, email=GRACE) -> str:
    client.post(ASK, {"email": email})
    return Notice.objects.filter(kind="own_data", email=email.lower()).latest("pk").path


class TestAskingForTheLink:
    def test_a_mail_is_on_its_way_to_who_has_written(self, bread, client):
        of_grace(bread)
        response = client.post(ASK, {"email": "Grace@Example.org"})
        [notice] = Notice.objects.all()
        assert b"Check your mail" in response.content
        assert (notice.kind, notice.email) == ("own_data", GRACE)
        assert client.get(notice.path).status_code == 200

    def test_the_answer_is_the_same_for_a_stranger_who_gets_no_mail(self, bread, client):
        of_grace(bread)
        known, unknown = (client.post(ASK, {"email": email}) for email in (GRACE, "nobody@example.org"))
        assert known.content == unknown.content
        assert known.status_code == unknown.status_code == 200
        assert Notice.objects.count() == 1

    def test_nobody_can_fill_the_mailbox_of_another(self, bread, client):
        of_grace(bread)
        answers = {client.post(ASK, {"email": GRACE}).content for _ in range(LINKS_TO_OWN_DATA + 2)}
        assert len(answers) == 1
        assert Notice.objects.count() == LINKS_TO_OWN_DATA

    def test_nor_by_coming_back_all_day(self, bread, client):
        of_grace(bread)
        of_grace(bread, email="grace+bread@example.org")
        for _hour in range(4):
            for email in (GRACE, "grace+bread@example.org"):
                client.post(ASK, {"email": email})
            Attempt.objects.all().delete()
        assert Notice.objects.count() == OWN_DATA_A_DAY

    def test_the_link_of_the_longest_address_fits_into_its_column(self, bread, client):
        letters = "".join(map(chr, range(0x0430, 0x0450)))
        longest = f"a@{'.'.join([letters[:13], letters[13:26], letters[19:]] * 3)}.org"
        of_grace(bread, email=longest)
        assert 240 < len(longest.encode()) < 254
        assert len(link_to_own_data(client, longest)) < Notice._meta.get_field("path").max_length

    def test_an_address_that_grows_in_small_letters_is_too_long(self, client):
        response = client.post(ASK, {"email": f"a@{'.'.join(['İ' * 9] * 24)}.org"})
        assert response.status_code == 422
        assert "name@example.org" in response.content.decode()

    def test_nobody_can_try_one_address_after_another(self, client):
        for number in range(ORDERS_OF_MAIL):
            assert client.post(ASK, {"email": f"guess{number}@example.org"}).status_code == 200
        refusal = client.post(ASK, {"email": "guess@example.org"})
        assert refusal.status_code == 429
        assert 0 < int(refusal.headers["Retry-After"]) <= 600
        assert b"guess@example.org" in refusal.content, "what was typed is kept"

    def test_what_is_no_address_is_said_beside_the_field(self, client):
        response = client.post(ASK, {"email": "grace"})
        assert response.status_code == 422
        assert b"Enter an address such as name@example.org." in response.content

    def test_another_site_cannot_ask_for_someone(self, bread, client):
        of_grace(bread)
        response = client.post(ASK, {"email": GRACE}, headers={"origin": "https://evil.example"})
        assert response.status_code == 403
        assert not Notice.objects.exists()


class TestTheLink:
    def test_it_tells_how_much_is_stored_and_changes_nothing(self, bread, client):
        of_grace(bread)
        of_grace(bread, status="spam")
        path = link_to_own_data(client)
        page = client.get(path).content.decode()
        assert "2 comments" in page
        assert "1 note of a mail to you" in page
        assert client.get(f"{path}erase/").status_code == 200
        assert Comment.all_objects.filter(email=GRACE).count() == 2

    @pytest.mark.parametrize("part", ["", "download/", "erase/"])
    def test_no_cache_keeps_it_and_no_page_hears_of_it(self, part, bread, client):
        of_grace(bread)
        response = client.get(f"{link_to_own_data(client)}{part}")
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert not response.cookies

    @pytest.mark.parametrize("part", ["", "download/", "erase/"])
    def test_it_lasts_a_day(self, part, bread, client, monkeypatch):
        of_grace(bread)
        path = link_to_own_data(client)
        later = timezone.now() + timedelta(days=1, seconds=1)
        monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
        assert client.get(f"{path}{part}").status_code == 410
        assert client.post(f"{path}erase/", {"sure": "on"}).status_code in {405, 410}
        assert Comment.objects.filter(email=GRACE).exists()

    @pytest.mark.parametrize("part", ["", "download/", "erase/"])
    def test_a_forged_one_is_missing(self, part, bread, client):
        of_grace(bread)
        forged = signing.dumps(GRACE, salt="another")
        assert client.get(f"{ASK}{forged}/{part}").status_code == 404
        assert client.post(f"{ASK}{forged}/erase/", {"sure": "on"}).status_code == 404
        assert client.get(f"{ASK}grace/{part}").status_code == 404


def test_browsers_carry_no_token_of_a_session(bread):
    of_grace(bread)
    browser = Client(enforce_csrf_checks=True)
    path = link_to_own_data(browser)
    assert browser.post(f"{path}erase/", {"sure": "on"}).status_code == 200
    assert not Comment.all_objects.exists()


class TestDownload:
    def test_it_holds_everything_of_theirs_and_nothing_of_others(self, bread, client):
        hidden = make_post("Secret", slug="secret", status="draft")
        comments = [
            of_grace(bread, status="pending", reasons=[{"code": "spam_word", "word": "of our list"}]),
            of_grace(bread, status="spam", deleted_at=timezone.now()),
            of_grace(hidden),
        ]
        make_comment(bread, "Not hers.", email="ada@example.org")
        Subscription.objects.create(post=bread, email=GRACE)
        Ban.objects.create(kind="email", value=GRACE)
        response = client.get(f"{link_to_own_data(client)}download/")
        data = json.loads(response.content)
        assert response.headers["Content-Disposition"] == 'attachment; filename="comments.json"'
        assert [row["id"] for row in data["comments"]] == [comment.pk for comment in comments]
        assert {name: len(data[name]) for name in ("subscriptions", "notices", "bans")} == {
            "subscriptions": 1,
            "notices": 1,
            "bans": 1,
        }
        assert data["comments"][0]["reasons"] == ["spam_word"]
        assert data["comments"][0]["address"] == comments[0].get_absolute_url()
        assert data["comments"][2]["address"] is None, "nobody may know how the draft is called"
        stored = {field.attname for field in Comment._meta.concrete_fields}
        assert data["comments"][0].keys() == stored | {"address"}

    def test_another_spelling_of_the_address_is_the_same_and_a_longer_one_is_not(self, bread):
        of_grace(bread, email="GRACE@example.org")
        of_grace(bread, email=f"not-{GRACE}")
        assert len(privacy.export(GRACE)["comments"]) == 1


class TestErasure:
    def test_it_wants_to_be_confirmed(self, bread, client):
        of_grace(bread)
        response = client.post(f"{link_to_own_data(client)}erase/")
        assert response.status_code == 422
        assert b"Tick the box" in response.content
        assert Comment.objects.filter(email=GRACE).exists()

    def test_all_is_gone_and_counts_are_right(self, bread, client):
        of_grace(bread)
        of_grace(bread, status="pending")
        of_grace(bread).delete()
        make_comment(bread, "Not hers.", email="ada@example.org")
        Subscription.objects.create(post=bread, email=GRACE)
        response = client.post(f"{link_to_own_data(client)}erase/", {"sure": "on"})
        bread.refresh_from_db()
        assert b"All of it is erased" in response.content
        assert [comment.body for comment in Comment.all_objects.all()] == ["Not hers."]
        assert bread.comment_count == 1
        assert not Subscription.objects.exists()
        assert not Notice.objects.exists()
        assert privacy.stored(GRACE).is_nothing

    def test_the_link_then_leads_to_nothing(self, bread, client):
        of_grace(bread)
        path = link_to_own_data(client)
        privacy.erase(GRACE)
        page = client.get(path).content.decode()
        assert f"Nothing is stored under {GRACE}" in page
        assert "<button" not in page.partition("<main")[2].partition("</main>")[0]

    def test_what_others_have_answered_keeps_its_place_but_none_of_its_words(self, bread, client):
        hers = of_grace(
            bread,
            website="https://grace.example",
            address_hash="ab" * 16,
            address_range="203.0.113.0/24",
            reasons=[{"code": "all_held"}],
            edited_at=timezone.now(),
        )
        answer = make_comment(bread, "I agree.", parent=hers)
        Report.objects.create(comment=hers, address_hash="cd" * 16)
        privacy.erase(GRACE)
        [place] = Comment.all_objects.filter(stands=True, deleted_at__isnull=False)
        answer.refresh_from_db()
        bread.refresh_from_db()
        assert place.pk == hers.pk == answer.parent_id == answer.thread_id
        assert place.erased_at
        kept = " ".join(str(value) for value in privacy._fields(place).values())
        for secret in ("Grace", GRACE, "Rye", "grace.example", "abab", "203.0.113", "all_held"):
            assert secret not in kept
        assert not Report.objects.exists()
        assert bread.comment_count == 1
        assert "Rye" not in client.get("/posts/bread/").content.decode()

    def test_her_own_replies_do_not_hold_her_comments_up(self, bread):
        first = of_grace(bread)
        of_grace(bread, "And wheat is not.", parent=first)
        privacy.erase(GRACE)
        assert not Comment.all_objects.exists()

    def test_a_chain_of_hers_above_the_reply_of_another_stays(self, bread):
        first = of_grace(bread)
        second = of_grace(bread, parent=first)
        make_comment(bread, "Indeed.", parent=second)
        of_grace(bread, "A side remark.", parent=first)
        assert privacy.erase(GRACE).comments == 3
        assert Comment.all_objects.exclude(erased_at=None).count() == 2
        assert Comment.all_objects.count() == 3

    def test_the_filter_forgets_her(self, bread):
        comment = of_grace(bread, "Sourdough forever.")
        answered = of_grace(bread, "Poolish forever.")
        make_comment(bread, parent=answered)
        spam_filter.learn(Comment.objects.filter(email=GRACE), "ham")
        assert Word.objects.filter(word="sourdough", ham=1).exists()
        privacy.erase(GRACE)
        assert not Word.objects.filter(ham__gt=0).exists()
        assert not Comment.all_objects.filter(pk=comment.pk).exists()

    def test_the_log_of_the_admin_forgets_her_too(self, bread):
        comment = of_grace(bread)
        LogEntry.objects.log_actions(make_staff().pk, Comment.objects.filter(pk=comment.pk), CHANGE, "Approved.")
        privacy.erase(GRACE)
        assert "Grace" not in LogEntry.objects.get().object_repr

    def test_an_empty_place_cannot_be_restored(self, bread):
        hers = of_grace(bread)
        make_comment(bread, parent=hers)
        privacy.erase(GRACE)
        assert verbs.restore(Comment.all_objects.filter(pk=hers.pk)) == 0

    def test_a_ban_stays(self, bread):
        of_grace(bread)
        Ban.objects.create(kind="email", value=GRACE)
        privacy.erase(GRACE)
        assert Ban.objects.exists()

    def test_twice_is_once(self, bread):
        make_comment(bread, parent=of_grace(bread))
        privacy.erase(GRACE)
        assert privacy.erase(GRACE) == privacy.Numbers()


class TestMembers:
    def test_what_was_written_with_the_account_of_the_address_is_theirs(self, bread):
        account = get_user_model().objects.create_user("grace", email="Grace@example.org")
        with_account = of_grace(bread, email="", user=account)
        make_comment(bread, "Not hers.", user=make_staff())
        assert [comment["id"] for comment in privacy.export(GRACE)["comments"]] == [with_account.pk]
        privacy.erase(GRACE)
        assert [comment.body for comment in Comment.all_objects.all()] == ["Not hers."]
        assert get_user_model().objects.filter(pk=account.pk).exists()

    def test_a_comment_with_another_address_belongs_to_that_one(self, bread):
        account = get_user_model().objects.create_user("grace", email=GRACE)
        of_grace(bread, email="other@example.org", user=account)
        assert privacy.stored(GRACE).is_nothing

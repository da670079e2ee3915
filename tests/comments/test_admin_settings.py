"""What the owner of a site decides about the conversation."""

import pytest

from posts.models import SiteSettings
from posts.models.discussion import DiscussionSettings
from tests.factories import make_draft, make_staff
from tests.posts.desk import change_url, form_of_settings, log_in

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/posts/sitesettings/1/change/"


@pytest.fixture
def editor():
    return log_in(make_staff(group="Editor"))


def test_everything_that_can_be_decided_is_on_the_form(editor):
    page = editor.get(SETTINGS).content.decode()
    for field in DiscussionSettings._meta.fields:
        assert f'name="{field.name}"' in page, field.name


def test_a_decision_is_kept(editor):
    editor.post(SETTINGS, form_of_settings(comment_policy="members", comment_hold_words="casino\nwatches"))
    site = SiteSettings.load()
    assert (site.comment_policy, site.comment_hold_words) == ("members", "casino\nwatches")
    assert not site.comments_newest_first


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("comment_threads_per_page", 0, "greater than or equal to 1"),
        ("comment_max_length", 50_000, "less than or equal to 20000"),
        ("comment_address_days", "soon", "Enter a whole number."),
        ("comment_policy", "nobody", "Select a valid choice."),
    ],
)
def test_a_refusal_says_why(editor, field, value, sentence):
    page = editor.post(SETTINGS, form_of_settings(**{field: value})).content.decode()
    assert sentence in page
    assert not SiteSettings.objects.exists()


def test_a_post_follows_the_settings_until_it_is_told_otherwise(editor):
    page = editor.get(change_url(make_draft())).content.decode()
    assert '<option value="" selected>As the site’s settings say</option>' in page


def test_moderators_do_not_set_up_the_site():
    assert log_in(make_staff(group="Moderator")).get(SETTINGS).status_code == 403

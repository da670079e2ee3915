"""The search page, the list below its box, and what browsers are told of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from posts import questions
from posts.models import Category, Post, SiteSettings
from posts.questions import LAST_PAGE, Question
from posts.search import MAX_QUERY_LENGTH, Results
from posts.views import searching
from tests.costs import queries_of
from tests.factories import make_author, make_category, make_draft, make_post

OPENSEARCH = {"": "http://a9.com/-/spec/opensearch/1.1/"}


def asked(query: str) -> Question:
    return Question.of(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "/search/"),
        ("q=", "/search/"),
        ("category=kitchen&page=3", "/search/"),
        ("q=++rye+++bread+", "/search/?q=rye+bread"),
        ("q=rye&page=1", "/search/?q=rye"),
        ("q=rye&page=07", "/search/?q=rye"),
        ("q=rye&page=-2", "/search/?q=rye"),
        ("q=rye&page=%D9%A3", "/search/?q=rye"),
        ("q=rye&page=99", f"/search/?q=rye&page={LAST_PAGE}"),
        ("q=rye&page=999999999999999999999", "/search/?q=rye"),
        ("q=rye&year=2026&tag=bread", "/search/?q=rye&tag=bread&year=2026"),
        ("q=rye&year=99999", "/search/?q=rye"),
        ("q=rye&year=%D9%A2%D9%A0%D9%A2%D9%A6", "/search/?q=rye"),
        ("q=rye&tag=a%2Fb&author=%00&category=", "/search/?q=rye"),
        ("q=rye&tag=" + "x" * 121, "/search/?q=rye"),
        ("q=wheat&q=rye", "/search/?q=rye"),
        ("q=" + "x" * 100_000, "/search/?q=" + "x" * MAX_QUERY_LENGTH),
    ],
)
def test_a_question_has_one_address(query, address):
    assert asked(query).address == address
    assert asked(query).is_spelt_like(QueryDict(urlsplit(address).query)) or not query
    assert asked(urlsplit(address).query).address == address


def test_what_the_search_does_not_know_is_no_matter():
    assert asked("q=rye").is_spelt_like(QueryDict("q=rye&utm_source=mail"))
    assert not asked("q=rye").is_spelt_like(QueryDict("q=rye&q=rye"))
    assert not asked("q=rye").is_spelt_like(QueryDict("q=rye&page="))


@given(st.text(max_size=2 * MAX_QUERY_LENGTH))
def test_nobody_is_led_in_a_circle(text):
    query = QueryDict(mutable=True)
    query["q"] = text
    question = Question.of(query)
    assert Question.of(QueryDict(urlsplit(question.address).query)) == question


def facet_links(page: str, heading: str) -> dict[str, int]:
    """The choices of a filter: name and count."""
    section = page.partition(f'<h2 class="eyebrow">{heading}</h2>')[2].partition("</section>")[0]
    choices = [line.partition('">')[2] for line in section.splitlines() if line.startswith("<li>")]
    return {choice.partition("<")[0]: int(choice.partition('count">')[2].partition("<")[0]) for choice in choices}


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture(autouse=True)
    def bakery(self, db) -> None:
        ada, ben = make_author("Ada"), make_author("Ben")
        kitchen, garden = make_category("Kitchen"), make_category("Garden")
        for title, author, category, year in [
            ("Bread of rye", ada, kitchen, 2024),
            ("Bread of wheat", ada, kitchen, 2025),
            ("Bread and butter flowers", ben, garden, 2025),
        ]:
            make_post(
                title,
                author=author,
                categories=[category],
                tags=["dough", title.split()[-1]],
                publish_at=datetime(year, 5, 1, 12, tzinfo=UTC),
            )
        make_draft("Bread of secrets", tags=["secret"], categories=[make_category("Vault")])

    def test_words_are_marked_in_title_and_text(self, client):
        page = client.get("/search/?q=rye").content.decode()
        assert "Bread of <mark>rye</mark>" in page
        assert '<time class="mark" datetime="2024-05-01">' in page
        assert '<a href="/author/ada/">Ada</a>' in page

    def test_filters_stand_with_their_counts(self, client):
        page = client.get("/search/?q=bread").content.decode()
        assert facet_links(page, "Categories") == {"Kitchen": 2, "Garden": 1}
        assert facet_links(page, "Authors") == {"Ada": 2, "Ben": 1}
        assert facet_links(page, "Years") == {"2025": 2, "2024": 1}
        assert facet_links(page, "Tags") == {"dough": 3, "rye": 1, "wheat": 1, "flowers": 1}
        assert "secret" not in page
        assert "Vault" not in page

    def test_a_filter_narrows_and_can_be_taken_away(self, client):
        page = client.get("/search/?q=bread&category=kitchen").content.decode()
        assert "Bread and butter" not in page.replace("<mark>Bread</mark>", "Bread")
        chosen = page.partition('class="chosen"')[2].partition("</ul>")[0]
        assert 'href="/search/?q=bread"' in chosen
        assert "Kitchen" in chosen

    def test_each_filter_leads_to_as_many_posts_as_it_says(self, client):
        Post.objects.get(title="Bread of rye").categories.add(Category.objects.get(slug="garden"))
        page = client.get("/search/?q=bread&category=kitchen").content.decode()
        assert "Garden" not in page.partition("Narrow the search")[2].partition('class="hits"')[0]
        for address, count in re.findall(r'<a href="([^"]+)">[^<]+</a> <span class="count">(\d+)', page):
            assert client.get(unescape(address)).context["results"].total == int(count)

    def test_filters_add_up(self, client):
        response = client.get("/search/?q=bread&author=ada&year=2025")
        assert [hit.post.title for hit in response.context["results"].hits] == ["Bread of wheat"]

    @pytest.mark.parametrize("name", ["category", "tag", "author"])
    def test_an_unknown_filter_finds_nothing(self, client, name):
        response = client.get(f"/search/?q=bread&{name}=vault")
        assert response.status_code == 200
        assert response.context["results"].total == 0
        assert "fits these filters" in response.content.decode()

    def test_other_spellings_are_led_to_the_one_address(self, client):
        response = client.get("/search/?page=1&q=+bread+&tag=")
        assert (response.status_code, response.headers["Location"]) == (302, "/search/?q=bread")

    def test_a_page_beyond_the_last_leads_to_the_last(self, client):
        assert client.get("/search/?q=bread&page=9").headers["Location"] == "/search/?q=bread"

    def test_pages(self, client, monkeypatch):
        monkeypatch.setattr(questions, "PAGE_SIZE", 2)
        monkeypatch.setattr(searching, "PAGE_SIZE", 2)
        first = client.get("/search/?q=bread")
        second = client.get("/search/?q=bread&page=2")
        assert first.context["following"] == "/search/?q=bread&page=2"
        assert second.context["previous"] == "/search/?q=bread"
        found = [hit.post.pk for page in (first, second) for hit in page.context["results"].hits]
        assert len(set(found)) == 3

    def test_more_than_were_counted(self, client, monkeypatch):
        monkeypatch.setattr(searching, "search", lambda text, *_, **__: Results(text, [], 1000, is_capped=True))
        assert "posts and more" in client.get("/search/?q=bread").content.decode()
        assert "More than 1,000 posts found." in client.get("/search/instant/?q=bread").content.decode()

    def test_no_finds_come_with_advice(self, client):
        page = client.get("/search/?q=nothing+of+the+kind").content.decode()
        assert "No post has all the words of “nothing of the kind”." in page
        assert '<a href="/archive/">' in page

    def test_nothing_asked_is_told_how_to_ask(self, client):
        assert "Titles and texts are searched." in client.get("/search/").content.decode()

    def test_search_engines_are_kept_out(self, client):
        assert '<meta name="robots" content="noindex' in client.get("/search/?q=bread").content.decode()
        assert client.get("/search/instant/?q=bread").headers["X-Robots-Tag"] == "noindex"

    def test_a_slip_of_the_pen_is_mended(self, client):
        response = client.get("/search/?q=braed&author=ada")
        assert response.context["better"] == "/search/?q=bread&author=ada"
        assert 'Did you mean <a href="/search/?q=bread&amp;author=ada">bread</a>?' in response.content.decode()

    def test_nothing_that_was_typed_is_written_unescaped(self, client):
        text = '"><zq x="1">'
        for address in ("/search/", "/search/instant/"):
            assert "<zq" not in client.get(address, {"q": text}).content.decode()
        for name in ("category", "tag", "author", "year", "page"):
            assert "<zq" not in client.get("/search/", {"q": "bread", name: text}, follow=True).content.decode()

    @pytest.mark.parametrize("page", ["", "instant/", "suggestions/"])
    def test_many_finds_cost_what_few_cost(self, client, page):
        address = f"/search/{page}?q=bread"
        few = queries_of(client, address)
        for number in range(12):
            make_post(f"Bread {number}", tags=[f"tag {number}"], categories=[make_category()])
        many = queries_of(client, address)
        assert many <= few, f"{address}: {few} queries became {many}"
        assert many <= 11, f"{address}: {many} queries"


@pytest.mark.django_db
class TestTheListBelowTheBox:
    def test_it_is_a_listbox_of_posts(self, client):
        post = make_post("Bread of rye")
        answer = client.get("/search/instant/?q=rye").content.decode()
        assert f'role="option" aria-selected="false" data-address="{post.get_absolute_url()}"' in answer
        assert "1 post found." in answer

    def test_the_last_option_leads_to_all_finds(self, client):
        for number in range(searching.INSTANT + 1):
            make_post(f"Bread {number}")
        answer = client.get("/search/instant/?q=bread").content.decode()
        assert answer.count('role="option"') == searching.INSTANT + 1
        assert 'data-address="/search/?q=bread"' in answer

    def test_it_is_kept_by_its_etag(self, client):
        make_post("Bread of rye")
        etag = client.get("/search/instant/?q=rye").headers["ETag"]
        assert client.get("/search/instant/?q=rye", headers={"If-None-Match": etag}).status_code == 304

    def test_nothing_hidden_is_hinted(self, client):
        make_draft("Bread of secrets")
        for address in ("/search/instant/?q=secrets", "/search/instant/?q=bread+of+secret"):
            assert "secrets" not in client.get(address).content.decode()


@pytest.mark.django_db
class TestWhatBrowsersAreTold:
    def test_the_description_leads_to_the_search(self, client):
        SiteSettings.objects.update_or_create(pk=1, defaults={"title": "A title of more than sixteen & some"})
        response = client.get("/opensearch.xml")
        assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
        description = ElementTree.fromstring(response.content)
        assert len(description.findtext("ShortName", namespaces=OPENSEARCH)) <= 16
        templates = {url.get("type"): url.get("template") for url in description.findall("Url", OPENSEARCH)}
        make_post("Bread of rye")
        for kind in ("text/html", "application/x-suggestions+json"):
            address = templates[kind].replace("{searchTerms}", "rye")
            assert b"Bread of" in client.get(address).content, kind

    def test_each_page_names_it(self, client):
        assert '<link rel="search" type="application/opensearchdescription+xml"' in client.get("/").content.decode()

    def test_suggestions_are_titles_with_their_addresses(self, client):
        post = make_post("Bread of rye")
        make_draft("Bread of secrets")
        response = client.get("/search/suggestions/?q=bread")
        assert response.headers["Content-Type"] == "application/x-suggestions+json"
        text, titles, _, addresses = json.loads(response.content)
        assert (text, titles) == ("bread", ["Bread of rye"])
        assert addresses == [f"http://testserver{post.get_absolute_url()}"]

    def test_a_long_text_is_cut(self, client):
        text = json.loads(client.get("/search/suggestions/", {"q": "x" * 5000}).content)[0]
        assert len(text) == MAX_QUERY_LENGTH


def test_an_address_holds_any_text():
    question = asked("q=%22rye+%26+wheat%22%3F")
    assert parse_qs(urlsplit(question.address).query) == {"q": ['"rye & wheat"?']}

from django.urls import path, re_path

from .feeds import subjects
from .feeds.addresses import addresses_of
from .feeds.page import FeedsView
from .feeds.views import PostFeed
from .sitemaps import KINDS
from .views import archive, crawlers, lists, reading, searching, series, sharing, sitemaps, tags

app_name = "posts"
urlpatterns = [
    path("", lists.HomeView.as_view(), name="home"),
    path("posts/<uslug:slug>/", reading.PostView.as_view(), name="post"),
    path("posts/<uslug:slug>/card-<slug:version>.png", sharing.CardView.as_view(), name="card"),
    path("posts/<uslug:slug>.md", crawlers.MarkdownView.as_view(), name="markdown"),
    path("category/<uslug:slug>/", lists.CategoryView.as_view(), name="category"),
    path("tag/<uslug:slug>/", tags.TagView.as_view(), name="tag"),
    path("tag/<tags:slugs>/", tags.TagsTogetherView.as_view(), name="tags_together"),
    path("tags/", tags.TagsView.as_view(), name="tags"),
    path("author/<uslug:slug>/", lists.AuthorView.as_view(), name="author"),
    path("authors/", lists.AuthorsView.as_view(), name="authors"),
    path("series/<uslug:slug>/", series.SeriesView.as_view(), name="series"),
    path("archive/", archive.ArchiveView.as_view(), name="archive"),
    path("<year:year>/", archive.YearView.as_view(), name="year"),
    path("<year:year>/<month:month>/", archive.MonthView.as_view(), name="month"),
    path("search/", searching.SearchView.as_view(), name="search"),
    path("search/instant/", searching.InstantView.as_view(), name="search_instant"),
    path("search/suggestions/", searching.SuggestionsView.as_view(), name="search_suggestions"),
    path("opensearch.xml", searching.DescriptionView.as_view(), name="opensearch"),
    path("feeds/", FeedsView.as_view(), name="feeds"),
    *addresses_of("", "feed", PostFeed),
    *addresses_of("category/<uslug:slug>/", "category_feed", PostFeed, subject=subjects.category),
    *addresses_of("tag/<uslug:slug>/", "tag_feed", PostFeed, subject=subjects.tag),
    *addresses_of("author/<uslug:slug>/", "author_feed", PostFeed, subject=subjects.author),
    *addresses_of("series/<uslug:slug>/", "series_feed", PostFeed, subject=subjects.series),
    path(".well-known/security.txt", crawlers.SecurityView.as_view(), name="security"),
    path("llms.txt", crawlers.LlmsView.as_view(), name="llms"),
    path("sitemap.xml", sitemaps.SitemapView.as_view(), name="sitemap"),
    re_path(
        rf"^sitemap-(?P<kind>{'|'.join(KINDS)})-(?P<number>0|[1-9][0-9]{{0,12}})\.xml$",
        sitemaps.PartView.as_view(),
        name="sitemap_part",
    ),
    # Last, so that no page can take the place of one above; Page refuses such a slug.
    path("<uslug:slug>/", reading.PageView.as_view(), name="page"),
]

from django.urls import path

from .feeds import subjects
from .feeds.addresses import addresses_of
from .feeds.page import FeedsView
from .feeds.views import PostFeed
from .views import archive, lists, reading, searching, sharing

app_name = "posts"
urlpatterns = [
    path("", lists.HomeView.as_view(), name="home"),
    path("posts/<uslug:slug>/", reading.PostView.as_view(), name="post"),
    path("posts/<uslug:slug>/card-<slug:version>.png", sharing.CardView.as_view(), name="card"),
    path("category/<uslug:slug>/", lists.CategoryView.as_view(), name="category"),
    path("tag/<uslug:slug>/", lists.TagView.as_view(), name="tag"),
    path("author/<uslug:slug>/", lists.AuthorView.as_view(), name="author"),
    path("series/<uslug:slug>/", lists.SeriesView.as_view(), name="series"),
    path("archive/", archive.ArchiveView.as_view(), name="archive"),
    path("<year:year>/", archive.YearView.as_view(), name="year"),
    path("<year:year>/<month:month>/", archive.MonthView.as_view(), name="month"),
    path("search/", searching.SearchView.as_view(), name="search"),
    path("feeds/", FeedsView.as_view(), name="feeds"),
    *addresses_of("", "feed", PostFeed),
    *addresses_of("category/<uslug:slug>/", "category_feed", PostFeed, subject=subjects.category),
    *addresses_of("tag/<uslug:slug>/", "tag_feed", PostFeed, subject=subjects.tag),
    *addresses_of("author/<uslug:slug>/", "author_feed", PostFeed, subject=subjects.author),
    *addresses_of("series/<uslug:slug>/", "series_feed", PostFeed, subject=subjects.series),
    # Last, so that no page can take the place of one above; Page refuses such a slug.
    path("<uslug:slug>/", reading.PageView.as_view(), name="page"),
]

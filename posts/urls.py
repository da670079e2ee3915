from django.urls import path

from . import feeds, views

app_name = "posts"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("posts/<uslug:slug>/", views.PostView.as_view(), name="post"),
    path("category/<uslug:slug>/", views.CategoryView.as_view(), name="category"),
    path("category/<uslug:slug>/feed/", feeds.CategoryFeed.as_view(), name="category_feed"),
    path("tag/<uslug:slug>/", views.TagView.as_view(), name="tag"),
    path("author/<uslug:slug>/", views.AuthorView.as_view(), name="author"),
    path("series/<uslug:slug>/", views.SeriesView.as_view(), name="series"),
    path("archive/", views.ArchiveView.as_view(), name="archive"),
    path("<year:year>/", views.YearView.as_view(), name="year"),
    path("<year:year>/<month:month>/", views.MonthView.as_view(), name="month"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("feed/", feeds.SiteFeed.as_view(), name="feed"),
    # Last, so that no page can take the place of one above; Page refuses such a slug.
    path("<uslug:slug>/", views.PageView.as_view(), name="page"),
]

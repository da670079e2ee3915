"""Whatever a process keeps of the site, for tests that want it to begin anew."""

from comments import drawing as drawing_of_comments
from posts import drawing, opened, serving, whole_pages
from posts.state import Kept
from posts.templatetags import pure


def empty() -> None:
    serving.feeds.clear()
    serving.sitemaps.clear()
    Kept.forget_all()
    for module in (pure, opened, drawing, drawing_of_comments, whole_pages):
        module.forget()

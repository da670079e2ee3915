from .audio import Audio
from .author import Author
from .discussion import CommentPolicy
from .generation import Generation
from .image import Image
from .imported import ImportRecord
from .menu import MenuItem
from .page import Page
from .post import Post
from .related import RelatedPost
from .series import Series
from .site import SiteSettings
from .syndication import CrawlerPolicy
from .taxonomy import Category, Tag, TaggedPost

__all__ = [
    "Audio",
    "Author",
    "Category",
    "CommentPolicy",
    "CrawlerPolicy",
    "Generation",
    "Image",
    "ImportRecord",
    "MenuItem",
    "Page",
    "Post",
    "RelatedPost",
    "Series",
    "SiteSettings",
    "Tag",
    "TaggedPost",
]

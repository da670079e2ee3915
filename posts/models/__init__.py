from .author import Author
from .discussion import CommentPolicy
from .generation import Generation
from .image import Image
from .imported import ImportRecord
from .page import Page
from .post import Post
from .series import Series
from .site import SiteSettings
from .taxonomy import Category, Tag, TaggedPost

__all__ = [
    "Author",
    "Category",
    "CommentPolicy",
    "Generation",
    "Image",
    "ImportRecord",
    "Page",
    "Post",
    "Series",
    "SiteSettings",
    "Tag",
    "TaggedPost",
]

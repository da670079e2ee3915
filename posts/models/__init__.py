from .audio import Audio
from .author import Author
from .discussion import CommentPolicy
from .generation import Generation, Surroundings
from .hub import HubPing
from .image import Image
from .imported import ImportRecord
from .listing import Ancestry, Listing, Tally
from .menu import MenuItem
from .page import Page
from .podcast import PodcastCategory
from .post import Post
from .related import RelatedPost
from .search import SearchDocument
from .series import Series
from .site import SiteSettings
from .spelling import SpellingKey
from .subscribers import FeedReader, FeedReading
from .syndication import CrawlerPolicy
from .taxonomy import Category, Tag, TaggedPost

__all__ = [
    "Ancestry",
    "Audio",
    "Author",
    "Category",
    "CommentPolicy",
    "CrawlerPolicy",
    "FeedReader",
    "FeedReading",
    "Generation",
    "HubPing",
    "Image",
    "ImportRecord",
    "Listing",
    "MenuItem",
    "Page",
    "PodcastCategory",
    "Post",
    "RelatedPost",
    "SearchDocument",
    "Series",
    "SiteSettings",
    "SpellingKey",
    "Surroundings",
    "Tag",
    "TaggedPost",
    "Tally",
]

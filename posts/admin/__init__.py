"""The editor's desk: Django's own admin, with a place to write in."""

import taggit.admin  # noqa: F401 -- registers taggit's tag, so that it can be taken away below
from django.contrib import admin
from django.contrib.sites import admin as sites_admin  # noqa: F401 -- the same for the one row of sites
from django.contrib.sites.models import Site
from taggit.models import Tag as ForeignTag

from . import audio, author, image, menu, page, post, readers, site, taxonomy  # noqa: F401 -- each registers its models

# Not ours: its merging asks for no permission, and our tags are a model of their own.
admin.site.unregister(ForeignTag)
# One row that means nothing here but a key of the redirects.
admin.site.unregister(Site)

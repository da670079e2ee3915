"""The way from one database to another, as docs/operators.md tells it: everything arrives, the trash included."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from posts import lists
from posts.models import Post, Tag
from tests.factories import make_author, make_category, make_comment, make_draft, make_page, make_post, make_staff

# Each database makes these for itself, or numbers them by itself.
OWN = {
    *("contenttypes.ContentType", "auth.Permission", "auth.Group_permissions"),
    *("posts.Generation", "posts.Surroundings", "posts.Ancestry", "posts.Listing", "posts.Tally"),
}


def everything() -> dict[str, list[dict]]:
    """All rows of all tables, as JSON has them: with times to the millisecond."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.label not in OWN]
    rows = {model._meta.label: rows_of(model) for model in models}
    # Of a moment within the first millisecond of a second, what is read back has no fraction any more.
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder).replace('.000Z"', 'Z"'))


def rows_of(model: type[Model]) -> list[dict]:
    """All rows; those of a many-to-many table without their ids, which no dump carries: links are numbered anew."""
    left_out = model._meta.pk.name if model._meta.auto_created else None
    names = [field.attname for field in model._meta.concrete_fields if field.name != left_out]
    return list(model._base_manager.order_by(*names).values(*names))


def rights() -> set[tuple[str, str]]:
    return set(Group.objects.values_list("name", "permissions__codename"))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_dumped_is_there_again(tmp_path):
    ada = make_author("Ada", user=make_staff("ada", group="Author"))
    post = make_post("Bread", author=ada, categories=[make_category("Kitchen")], tags=["rye", "salt"])
    make_comment(post, parent=make_comment(post))
    make_draft("Soup", author=ada).delete()
    make_page("About").delete()
    Tag.objects.get(name="salt").delete()
    post.tags.add("salt")
    before, rights_before, file = everything(), rights(), tmp_path / "all.json"
    counted = ["posts.generation", "posts.surroundings", "posts.ancestry", "posts.listing", "posts.tally"]
    own = [*counted, "posts.searchdocument", "posts.spellingkey"]
    exclude = ["contenttypes", "auth.permission", *own]
    call_command("dumpdata", use_base_manager=True, use_natural_foreign_keys=True, exclude=exclude, output=str(file))
    call_command("flush", interactive=False)
    assert not Post.all_objects.exists()
    call_command("loaddata", str(file), verbosity=0)
    call_command("reindex", stdout=StringIO())
    assert everything() == before
    assert not any(lists.differences())
    assert rights() == rights_before

"""Names for files that a form may carry: only who has sent a file, or sees it in the form, can name it.

A plain id would let anyone who writes look at the covers of other people's drafts, one number after another.
"""

from __future__ import annotations

from django.core import signing

from ..models import Audio, Image


def sign(kept: Image | Audio) -> str:
    return signing.dumps(kept.pk, salt=_salt(type(kept)))


def image_for(token: str) -> Image | None:
    return Image.objects.filter(pk=_pk(token, Image)).first()


def audio_for(token: str) -> Audio | None:
    return Audio.objects.filter(pk=_pk(token, Audio)).first()


def _salt(model: type[Image] | type[Audio]) -> str:
    return f"posts.{model._meta.model_name}"


def _pk(token: str, model: type[Image] | type[Audio]) -> int:
    """The id that the token names; 0, which no row has, for a token that is none."""
    try:
        return signing.loads(token, salt=_salt(model))
    except signing.BadSignature:
        return 0

"""Names for files that a form may carry: only who has sent a file, or sees it in the form, can name it.

A plain id would let anyone who writes look at the covers of other people's drafts, one number after another.
"""

from __future__ import annotations

from django.core import signing

from ..models import Audio, Image


def sign(kept: Image | Audio) -> str:
    """One file has one token: a page that is made a second later is the same page."""
    return _signer(type(kept)).sign_object(kept.pk)


def image_for(token: str) -> Image | None:
    return Image.objects.filter(pk=_pk(token, Image)).first()


def audio_for(token: str) -> Audio | None:
    return Audio.objects.filter(pk=_pk(token, Audio)).first()


def _signer(model: type[Image] | type[Audio]) -> signing.Signer:
    return signing.Signer(salt=f"posts.{model._meta.model_name}")


def _pk(token: str, model: type[Image] | type[Audio]) -> int:
    """The id that the token names; 0, which no row has, for a token that is none."""
    try:
        return _signer(model).unsign_object(token)
    except signing.BadSignature:
        return 0

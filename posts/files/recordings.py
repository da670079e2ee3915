"""Recordings at the door: known by their bytes, measured, and kept to the byte as they were sent.

They are not encoded again, as pictures are: that would cost sound and minutes of work, and take away the chapters, the
cover and the titles inside that players show. So what a recording says about itself stays in it, and the desk says so.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..models import Audio
from . import storing
from .sound import MEDIA_TYPES, recognised

# For the `accept` of a file input: systems know recordings by their endings better than by their types.
ACCEPTED = ".mp3,.m4a,.m4b,.ogg,.oga,.opus,audio/mpeg,audio/mp4,audio/ogg"

CHUNK = 1024 * 1024


def keep(sent: File, *, title: str = "", uploaded_by: Any = None) -> Audio:
    """Store a recording and return its row; the one that is there already when the same file was sent before.

    `sent` is read piece by piece, and moved into place where it is a file on the disk. Raises ValidationError, with a
    sentence for whoever sent it, when it is too large or no recording we take.
    """
    refuse_too_large(sent)
    digest = digest_of(sent)
    if known := Audio.objects.filter(digest=digest).first():
        return known
    recording = recognised(sent)
    audio = Audio(
        title=(title or title_from(sent.name))[:300],
        media_type=MEDIA_TYPES[recording.extension],
        size=sent.size,
        seconds=recording.seconds,
        digest=digest,
        uploaded_by=uploaded_by,
    )
    sent.seek(0)
    return storing.store(audio, storing.name_of("audio", digest, recording.extension), sent)


def refuse_too_large(sent: File) -> None:
    if sent.size > settings.AUDIO_MAX_BYTES:
        limit = settings.AUDIO_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("This recording is too large. The limit is %(limit)d MB.") % {"limit": limit}, "too_large"
        )


def digest_of(sent: File) -> str:
    sum_of_all = hashlib.sha256()
    for chunk in sent.chunks(CHUNK):
        sum_of_all.update(chunk)
    return sum_of_all.hexdigest()


def title_from(file_name: str | None) -> str:
    """What the sender's file is called, as a first title."""
    return PurePath(file_name or "").stem.replace("_", " ").strip()


def download_name(audio: Audio, title: str) -> str:
    """What a reader's copy is called: after what it belongs to, with the ending of its kind."""
    return f"{slugify(title, allow_unicode=True)[:80] or 'audio'}{PurePath(str(audio.file)).suffix}"

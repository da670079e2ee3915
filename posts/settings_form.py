"""What the owner of the site sends as its settings, checked: each refusal is a sentence."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .feeds.hub import is_public
from .form_parts import PictureMixin
from .models import Image, SiteSettings
from .widgets import PictureInput

COVER_PIXELS = (1400, 3000)
"""The least and the largest side of a square cover: https://podcasters.apple.com/support/896-artwork-requirements"""


class SettingsForm(PictureMixin, forms.ModelForm):
    picture_field = "podcast_image"

    upload = forms.FileField(
        label=gettext_lazy("Cover of the podcast"),
        required=False,
        widget=PictureInput,
        help_text=gettext_lazy("A square JPEG or PNG of 1400 to 3000 pixels a side."),
    )
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the cover"), required=False)

    class Meta:
        model = SiteSettings
        # The admin names all of them; these are checked here.
        fields = ["websub_hub", "security_contact"]

    def clean_upload(self) -> Image | None:
        image = super().clean_upload()
        if image:
            check_cover(image)
        return image

    def clean_websub_hub(self) -> str:
        hub = self.cleaned_data["websub_hub"]
        if not settings.PRIVATE_HUB and is_private(urlsplit(hub).hostname or ""):
            sentence = _("This address is one of a private network. Choose a hub that everybody can reach.")
            raise ValidationError(sentence, "private")
        return hub

    def clean_security_contact(self) -> str:
        contact = self.cleaned_data["security_contact"]
        check = EmailValidator() if "@" in contact and "/" not in contact else URLValidator(schemes=["https"])
        try:
            if contact:
                check(contact)
        except ValidationError as error:
            sentence = _("Give an e-mail address, or a web address that begins with https://.")
            raise ValidationError(sentence, "contact") from error
        return contact

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.set_picture()
        return self.cleaned_data


def check_cover(image: Image) -> None:
    """Raise ValidationError for a picture that directories would refuse as the cover of a show."""
    least, most = COVER_PIXELS
    fits = image.width == image.height and least <= image.width <= most
    if fits and str(image.file).endswith((".jpg", ".png")):
        return
    sentence = _(
        "Directories take a square JPEG or PNG of %(least)d to %(most)d pixels a side. "
        "This one has %(width)d × %(height)d."
    )
    values = {"least": least, "most": most, "width": image.width, "height": image.height}
    raise ValidationError(sentence, "cover", values)


def is_private(host: str) -> bool:
    """Whether a host is of this machine or of a private network, as far as its name tells without asking anyone."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return False

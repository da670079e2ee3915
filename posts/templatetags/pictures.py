from django import template
from django.utils.safestring import SafeString

from ..models.image import ShownPicture
from .pure import shown

register = template.Library()

# How wide a picture is shown at most, as the `sizes` of HTML say it: a browser chooses before it has read the styles.
SIZES = {
    "cover": "(max-width: 54rem) 92vw, 800px",
    "entry": "(min-width: 48rem) 300px, 92vw",
    "portrait": "136px",
}


@register.simple_tag
def picture(image: ShownPicture, place: str, *, alt: str = "", first: bool = False) -> SafeString:
    """A picture with its smaller copies, at a place that SIZES knows; the first of a page is not to wait for others."""
    names = ("image", "place", "sizes", "alt", "first")
    return shown("_partials/picture.html", names, image, place, SIZES[place], alt, first)

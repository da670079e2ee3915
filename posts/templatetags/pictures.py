from typing import Any

from django import template

from ..models import Image

register = template.Library()

# How wide a picture is shown at most, as the `sizes` of HTML say it: a browser chooses before it has read the styles.
SIZES = {
    "cover": "(max-width: 54rem) 92vw, 800px",
    "entry": "(min-width: 48rem) 300px, 92vw",
    "portrait": "136px",
}


@register.inclusion_tag("_partials/picture.html")
def picture(image: Image, place: str, *, alt: str = "", first: bool = False) -> dict[str, Any]:
    """A picture with its smaller copies, at a place that SIZES knows; the first of a page is not to wait for others."""
    return {"image": image, "place": place, "sizes": SIZES[place], "alt": alt, "first": first}

"""Pictures at the door: what comes out is the picture and nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import PngImagePlugin

from posts.files import images
from posts.models import Image

SECRET = b"51.5007N 0.1246W"


def encoded(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (40, 20), **options) -> bytes:
    out = io.BytesIO()
    Pillow.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def decoded(picture: images.Picture) -> Pillow.Image:
    found = Pillow.open(io.BytesIO(picture.content))
    found.load()
    return found


def exif(orientation: int = 1) -> bytes:
    tags = Pillow.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET.decode()
    return tags.tobytes()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGB"),
    ],
)
def test_every_mode_comes_out_as_a_picture_of_its_format(kind, mode):
    picture = images.encoded_again(encoded(kind, mode=mode))

    assert decoded(picture).format == kind
    assert decoded(picture).size == (40, 20)
    assert picture.extension == images.EXTENSIONS[kind]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photograph_taken_upright_stands_upright_and_has_forgotten_where_it_was_taken(kind):
    sent = encoded(kind, exif=exif(orientation=6))
    assert SECRET in sent

    picture = images.encoded_again(sent)

    assert decoded(picture).size == (20, 40)
    assert not decoded(picture).getexif()
    assert SECRET not in picture.content


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"comment": SECRET}), ("GIF", {"comment": SECRET})])
def test_comments_are_dropped(kind, options):
    sent = encoded(kind, mode="L", **options)
    assert SECRET in sent

    assert SECRET not in images.encoded_again(sent).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_xmp_is_dropped(kind):
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        sent = encoded(kind, pnginfo=info)
    else:
        sent = encoded(kind, xmp=packet)
    assert SECRET in sent

    assert SECRET not in images.encoded_again(sent).content


def test_texts_in_a_png_are_dropped():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())

    assert SECRET not in images.encoded_again(encoded("PNG", pnginfo=info)).content


def test_what_hides_behind_the_end_of_a_picture_is_dropped():
    assert b"<script>" not in images.encoded_again(encoded("JPEG") + b"<script>alert(1)</script>").content


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_keeps_moving_at_its_own_pace(kind):
    frames = [Pillow.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)

    found = decoded(images.encoded_again(out.getvalue()))

    assert found.n_frames == 3
    durations = []
    for number in range(3):
        found.seek(number)
        found.load()
        durations.append(found.info["duration"])
    assert durations == [100, 200, 300]


def test_a_second_picture_behind_a_jpeg_does_not_matter():
    out = io.BytesIO()
    Pillow.new("RGB", (8, 8)).save(out, "MPO", save_all=True, append_images=[Pillow.new("RGB", (4, 4))])

    assert decoded(images.encoded_again(out.getvalue())).format == "JPEG"


def test_the_profile_of_inks_does_not_survive_the_change_to_rgb():
    picture = images.encoded_again(encoded("JPEG", mode="CMYK", icc_profile=b"inks"))

    assert "icc_profile" not in decoded(picture).info


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a",
        encoded("PNG")[:60],
        encoded("JPEG")[:200],
        encoded("BMP"),
        encoded("TIFF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
def test_what_is_no_picture_that_we_take_is_refused_with_a_sentence(content):
    with pytest.raises(ValidationError) as refusal:
        images.encoded_again(content)

    assert refusal.value.code == "unreadable"
    assert refusal.value.messages[0].endswith("are taken.")


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be huge, in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    with pytest.raises(ValidationError) as refusal:
        images.encoded_again(bomb(side, side))

    assert refusal.value.code == "too_large"


def test_an_animation_may_not_have_more_pixels_in_all_than_fit_into_memory(settings):
    settings.IMAGE_MAX_PIXELS = 100
    frames = [Pillow.new("L", (9, 9), shade) for shade in (0, 100, 200)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    with pytest.raises(ValidationError, match="pixels"):
        images.encoded_again(out.getvalue())


def test_a_file_that_is_too_large_is_not_even_read_to_its_end(settings):
    settings.IMAGE_MAX_BYTES = 1024

    with pytest.raises(ValidationError, match="too large"):
        images.read(io.BytesIO(b"x" * 2000))


@pytest.mark.django_db
def test_the_same_file_is_kept_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = encoded("PNG")

    first, second = images.keep(io.BytesIO(sent), alt="A square"), images.keep(io.BytesIO(sent))

    assert first == second
    assert Image.objects.count() == 1
    assert (first.width, first.height, first.alt) == (40, 20, "A square")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
def test_half_a_file_of_a_process_that_died_is_written_anew(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = encoded("PNG")
    address = images.address(io.BytesIO(sent))
    half = tmp_path / address.removeprefix(default_storage.url(""))
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")

    image = images.keep(io.BytesIO(sent))

    assert image.file.url == address
    assert half.read_bytes() == images.encoded_again(sent).content


@pytest.mark.django_db
def test_to_ask_for_an_address_stores_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    address = images.address(io.BytesIO(encoded("PNG")))

    assert address.endswith(".png")
    assert not list(tmp_path.iterdir())
    assert not Image.objects.exists()

"""Pictures made anew: upright, not larger than needed, and silent about where and by what they were taken."""

import io
import struct
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import ExifTags, Image, UnidentifiedImageError

from liuchi.ground.attachments.sniffing import JPEG, PNG, WEBP, FileRefused

#: The longest edge of what is kept, and of the small picture in a page, in pixels.
EDGE, SMALL_EDGE = 2560, 480
#: A picture of more pixels would fill the memory when opened.
MOST_PIXELS = 60_000_000
TOO_MANY_PIXELS = gettext_lazy("This picture has too many pixels. Send a smaller copy.")
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
#: What the library raises on EXIF that is not as it should be.
_BROKEN = (AttributeError, LookupError, OSError, OverflowError, SyntaxError, TypeError, ValueError, struct.error)
#: What turns a picture upright, by the orientation that EXIF names.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: What the clock of a phone means when it names no zone.
_HERE = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Picture:
    """A picture as it is stored, its thumbnail (JPEG), and what the camera had written into it."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None


def remake(data: bytes, content_type: str) -> Picture:
    """Return the picture re-encoded: turned upright, at most 2,560 pixels long, without EXIF, XMP, comments, previews.

    Raises:
        FileRefused: damaged, or with more than 60 million pixels.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=[_FORMATS[content_type]]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise FileRefused(TOO_MANY_PIXELS, field="photos")
                facts = _facts(opened)
                opened.load()
                image = _upright(opened)
        except Image.DecompressionBombError as error:
            raise FileRefused(TOO_MANY_PIXELS, field="photos") from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise FileRefused(
                _("This picture is damaged. Take it again, or choose another."), field="photos"
            ) from error
        plain = _plain(image, content_type)
        plain.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
        small = plain.convert("RGB")
        small.thumbnail((SMALL_EDGE, SMALL_EDGE), Image.Resampling.LANCZOS)
    taken_at, longitude, latitude = facts
    return Picture(
        _encoded(plain, content_type), _encoded(small, JPEG), plain.width, plain.height, taken_at, longitude, latitude
    )


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture turned as the camera was held.

    By hand: the library would also write the EXIF anew, and fails on what cameras and repairs leave in there.
    """
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _BROKEN:
        return image
    return image if turn is None else image.transpose(turn)


def _plain(image: Image.Image, content_type: str) -> Image.Image:
    """Return the pixels alone: a copy that has none of what came with them."""
    mode = "RGBA" if content_type in {PNG, WEBP} and image.has_transparency_data else "RGB"
    bare = Image.new(mode, image.size)
    bare.paste(image.convert(mode))
    return bare


def _encoded(image: Image.Image, content_type: str) -> bytes:
    out = io.BytesIO()
    if content_type == PNG:
        image.save(out, format="PNG")
    else:
        image.save(out, format=_FORMATS[content_type], quality=82)
    return out.getvalue()


def _facts(image: Image.Image) -> tuple[datetime | None, float | None, float | None]:
    """Return when and where (CGCS2000 degrees) the camera says that it took the picture; None where it does not."""
    try:
        exif = image.getexif()
        details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except _BROKEN:
        return None, None, None
    longitude = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    latitude = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    if longitude is None or latitude is None:
        longitude = latitude = None
    return _moment(details), longitude, latitude


def _moment(details: dict[int, object]) -> datetime | None:
    said = str(details.get(ExifTags.Base.DateTimeOriginal, ""))
    zone = str(details.get(ExifTags.Base.OffsetTimeOriginal, ""))
    for text, shape in ((said + zone, "%Y:%m:%d %H:%M:%S%z"), (said, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(text, shape)  # noqa: DTZ007 - the zone is given below where the camera gave none
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=_HERE)).astimezone(UTC)
    return None


def _degrees(parts: object, side: object, sides: str, most: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3 or str(side) not in tuple(sides):
        return None
    try:
        whole, minutes, seconds = (Fraction(float(part)).limit_denominator(10**6) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    found = float(whole + minutes / 60 + seconds / 3600)
    return None if abs(found) > most else (found if side == sides[0] else -found)

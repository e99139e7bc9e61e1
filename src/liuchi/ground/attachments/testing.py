"""Files for tests: a photo as a phone takes it, and others."""

import io
import zipfile

from PIL import ExifTags, Image

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def photo(
    size: tuple[int, int] = (640, 480),
    *,
    kind: str = "JPEG",
    taken: str = "2024:10:08 09:30:00",
    place: bool = True,
    orientation: int = 1,
    comment: str = "SECRET-CAMERA",
) -> bytes:
    """Return a picture with EXIF: camera, time, orientation and, if asked, a place in Anqing (30.5255, 117.0436)."""
    image = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = comment
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLatitude] = (30.0, 31.0, 31.8)
        gps[ExifTags.GPS.GPSLongitude] = (117.0, 2.0, 36.96)
    out = io.BytesIO()
    image.save(out, format=kind, exif=exif)
    return out.getvalue()


def office_file(part: str) -> bytes:
    """Return the smallest archive that passes for a Word ("word/document.xml") or Excel ("xl/workbook.xml") file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return out.getvalue()

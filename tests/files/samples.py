"""Files of all kinds, honest and hostile, made here byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 64
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
OFFICE = b"PK\x03\x04\x14\x00\x06\x00" + b"word/vbaProject.bin"
PROGRAM = b"MZ\x90\x00" + b"\0" * 100


def picture(width=40, height=20, form="JPEG", mode="RGB", **options):
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", (width, height), "blue")
    drawn.paste("red", (0, 0, width // 2, height))
    written = io.BytesIO()
    drawn.convert(mode).save(written, form, **options)
    return written.getvalue()


def telephone_photograph(orientation=6):
    """As a telephone makes it: held upright, with the place, the moment and the device."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telefónica de Napo"
    exif[0x0132] = "2026:11:23 08:00:00"
    place = exif.get_ifd(0x8825)
    place.update({1: "S", 2: (0.0, 59.0, 40.0), 3: "W", 4: (77.0, 48.0, 50.0)})
    return picture(80, 40, exif=exif, comment=b"Rosa en su casa", dpi=(72, 72))


def png_that_says(width, height):
    """A PNG of a few bytes that unpacks to as much as its header says."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )

"""A file of unknown make becomes a clean photograph or document, or is refused in words.

A file is told by its content, never by its name or by what the browser says of it. Pictures are
drawn anew: nothing of the original bytes is kept, so neither where and when and with what
telephone they were taken, nor anything hidden behind them. The same bytes give the same bytes.

A PDF is kept as it is, once it is nothing else at the same time and asks for nothing to be run.
That is read from its names, plain and in compressed object streams; it is no virus scanner, and
`kallari.files.responses` hands it out so that it could do nothing in a browser anyway.
"""

from __future__ import annotations

import io
import re
import struct
import threading
import unicodedata
import warnings
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _
from PIL import Image

from kallari.text import is_unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

LARGEST_PHOTOGRAPH_MB = 15
"""Of what is handed in; what is kept weighs some 300 KB."""
LARGEST_DOCUMENT_MB = 10
MOST_PIXELS_JPEG = 60_000_000
"""Telephones make up to 50 million; a JPEG is reduced while it is read."""
MOST_PIXELS = 25_000_000
"""Of PNG and WebP, which must be held whole: 100 MB of memory."""
PHOTOGRAPH_SIDE = 1600
PAPER_SIDE = 2400
"""A sheet of A4 at some 200 dots an inch: small print stays readable."""
PREVIEW_SIDE = 320
JPEG_QUALITY = 82
LONGEST_FILE_NAME = 150
MOST_INFLATED = 50 * 1024 * 1024
"""Bytes of compressed object streams that are looked at before a PDF is refused."""

PHOTOGRAPH_TYPES = ("image/jpeg", "image/png", "image/webp")
DOCUMENT_TYPES = ("application/pdf", "image/jpeg", "image/png")

_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    IndexError,
    TypeError,
    KeyError,
    struct.error,
    zlib.error,
)
"""What Pillow raises over pictures that are cut off or were never any."""

_one_at_a_time = threading.Lock()
"""Pictures are the only thing here that takes much memory: each process unpacks one at once."""


@dataclass(frozen=True)
class CleanFile:
    """What may be stored: made by `photograph` and `document` alone."""

    name: str
    content_type: str
    content: bytes
    preview: bytes = b""
    width: int | None = None
    height: int | None = None
    is_photograph: bool = False


def photograph(upload: CleanFile | File[bytes] | bytes, name: str = "") -> CleanFile:
    """Return a photograph of at most 1600 pixels a side, upright, with its preview of 320.

    Raises:
        ValidationError: ``empty``, ``too_large``, ``heic``, ``not_a_photograph``,
            ``broken_picture``, ``too_many_pixels``.
    """
    if isinstance(upload, CleanFile) and upload.is_photograph:
        return upload
    content, name = _read(upload, name, LARGEST_PHOTOGRAPH_MB)
    if _picture_format(content) is None:
        raise _refused_kind(
            content,
            _("Escoja una fotografía JPEG, PNG o WebP."),
            "not_a_photograph",
        )
    return _drawn_anew(content, _file_name(name, "fotografia", ".jpg"), PHOTOGRAPH_SIDE)


def document(upload: CleanFile | File[bytes] | bytes, name: str = "") -> CleanFile:
    """Return a PDF as it is, or a photographed paper drawn anew with at most 2400 pixels a side.

    Raises:
        ValidationError: ``empty``, ``too_large``, ``heic``, ``not_a_document``, ``broken_pdf``,
            ``mixed_file``, ``active_pdf``, ``broken_picture``, ``too_many_pixels``.
    """
    if isinstance(upload, CleanFile) and not upload.is_photograph:
        return upload
    content, name = _read(upload, name, LARGEST_DOCUMENT_MB)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return CleanFile(_file_name(name, "documento", ".pdf"), "application/pdf", content)
    if _picture_format(content) not in {"JPEG", "PNG"}:
        raise _refused_kind(
            content,
            _("Escoja un PDF, o una fotografía JPEG o PNG del papel."),
            "not_a_document",
        )
    name = _file_name(name, "documento", ".jpg")
    return _drawn_anew(content, name, PAPER_SIDE, is_photograph=False)


def _read(upload: CleanFile | File[bytes] | bytes, name: str, most_mb: int) -> tuple[bytes, str]:
    """The bytes and the name; not one byte more is read than may be."""
    most = most_mb * 1024 * 1024
    if isinstance(upload, CleanFile):
        content, name = upload.content, name or upload.name
    elif isinstance(upload, File):
        name = name or upload.name or ""
        upload.seek(0)
        content = upload.read(most + 1)
    else:
        content = upload
    if not content:
        raise ValidationError(_("El archivo está vacío. Escoja otro."), code="empty")
    if len(content) > most:
        raise ValidationError(
            _("El archivo pesa más de %(megabytes)s MB. Escoja uno más liviano."),
            code="too_large",
            params={"megabytes": most_mb},
        )
    return content, name


_NOT_IN_NAMES = frozenset('<>:"|?*')
"""What Windows takes in no name of a file."""


def _file_name(name: str, otherwise: str, ending: str) -> str:
    """The name without folders and signs that are not seen, with the ending that is true."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(
        " " if sign.isspace() or sign in _NOT_IN_NAMES else sign
        for sign in last
        if not is_unseen(sign)
    )
    stem = " ".join(PurePath(seen.strip(" .")).stem.split()).strip(" .")
    return (stem or otherwise)[: LONGEST_FILE_NAME - len(ending)].rstrip(" .") + ending


# --- Telling kinds apart ------------------------------------------------------------------------


def _picture_format(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return None


_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")

_OTHER_KINDS: tuple[tuple[bytes, StrOrPromise], ...] = (
    (b"PK", _("Es un documento de oficina o un archivo comprimido.")),
    (b"\xd0\xcf\x11\xe0", _("Es un documento de oficina antiguo.")),
    (b"{\\rtf", _("Es un documento de texto con formato.")),
    (b"%PDF-", _("Es un PDF.")),
    (b"MZ", _("Es un programa.")),
    (b"\x7fELF", _("Es un programa.")),
    (b"#!", _("Es un programa.")),
    (b"GIF8", _("Es una imagen GIF.")),
    (b"BM", _("Es una imagen BMP.")),
    (b"II*\0", _("Es una imagen TIFF.")),
    (b"MM\0*", _("Es una imagen TIFF.")),
    (b"RIFF", _("Es una imagen WebP, un sonido o un video.")),
    (b"<", _("Es una página web o un dibujo SVG.")),
)


def _refused_kind(content: bytes, instead: StrOrPromise, code: str) -> ValidationError:
    """What it is, as far as one can tell, and what to choose instead."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return ValidationError(
            _(
                "Es una fotografía HEIC, que no todos pueden abrir. En el iPhone: Ajustes, Cámara, "
                "Formatos, «El más compatible»; o envíela por mensaje y guarde esa copia."
            ),
            code="heic",
        )
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, kind in _OTHER_KINDS:
        if start.startswith(signature):
            return ValidationError(
                _("%(kind)s %(instead)s"), code=code, params={"kind": kind, "instead": instead}
            )
    return ValidationError(instead, code=code)


# --- Pictures -----------------------------------------------------------------------------------


def _drawn_anew(content: bytes, name: str, side: int, *, is_photograph: bool = True) -> CleanFile:
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # what Pillow merely warns of is refused below, or no matter
        try:
            picture = _opened(content, side)
        except _BROKEN as error:
            raise ValidationError(
                _("La fotografía está dañada o incompleta. Tómela o envíela otra vez."),
                code="broken_picture",
            ) from error
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    preview = picture.copy()
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return CleanFile(
        name=name,
        content_type="image/jpeg",
        content=_as_jpeg(picture),
        preview=_as_jpeg(preview),
        width=picture.width,
        height=picture.height,
        is_photograph=is_photograph,
    )


def _opened(content: bytes, side: int) -> Image.Image:
    """The picture upright, in red, green and blue on white, and nothing else.

    Raises:
        ValidationError: ``too_many_pixels``, before a single one is unpacked.
    """
    try:
        picture: Image.Image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(MOST_PIXELS_JPEG) from error
    is_jpeg = picture.format in {"JPEG", "MPO"}
    most = MOST_PIXELS_JPEG if is_jpeg else MOST_PIXELS
    if picture.width * picture.height > most:
        raise _too_many_pixels(most)
    if is_jpeg:
        picture.draft("RGB", (side, side))
    turn = _turn_of(picture)
    picture.load()
    if turn is not None:
        picture = picture.transpose(turn)
    picture = _on_white(picture)
    picture.info = {}
    return picture


def _too_many_pixels(most: int) -> ValidationError:
    return ValidationError(
        _(
            "La imagen mide más de %(megapixels)s millones de puntos. Envíe una más pequeña: una "
            "fotografía común de teléfono basta."
        ),
        code="too_many_pixels",
        params={"megapixels": most // 1_000_000},
    )


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF 2.3, tag 274: how the telephone was held."""


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(picture.getexif().get(274, 1))
    except _BROKEN:
        return None  # what was noted beside the picture is damaged; the picture itself is not


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of gray
        picture = picture.point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _as_jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return written.getvalue()


# --- PDF ----------------------------------------------------------------------------------------

_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)\b")
_HIDDEN_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_LONGEST_DICTIONARY = 2_000
"""Bytes between the name of an object stream and its beginning."""
_MOST_OBJECT_STREAMS = 5_000
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
_SNIFFED = 1024
"""How far into a file programs look to guess what it is."""


def _check_pdf(content: bytes) -> None:
    body, mark, rest = content.rpartition(b"%%EOF")
    if not mark or b"obj" not in body or len(rest) > _SNIFFED:
        raise ValidationError(
            _("El PDF está dañado o incompleto. Ábralo, guárdelo otra vez y escoja esa copia."),
            code="broken_pdf",
        )
    if _MARKUP.search(content[:_SNIFFED]) or rest.strip(b"\0\r\n\t \x1a"):
        raise ValidationError(
            _("El archivo es un PDF y algo más a la vez. Imprímalo como PDF y escoja esa copia."),
            code="mixed_file",
        )
    for part in _readable_parts(content):
        if _ACTIVE.search(_HIDDEN_LETTER.sub(lambda found: bytes([int(found[1], 16)]), part)):
            raise ValidationError(
                _(
                    "El PDF lleva programas, formularios que envían o archivos dentro. Imprímalo "
                    "como PDF y escoja esa copia."
                ),
                code="active_pdf",
            )


def _readable_parts(content: bytes) -> Iterator[bytes]:
    """The file as it stands, and its compressed object streams, in which names may hide."""
    yield content
    left = MOST_INFLATED
    for count, name in enumerate(_OBJECT_STREAM.finditer(content), 1):
        begun = _STREAM.search(content, name.end(), name.end() + _LONGEST_DICTIONARY)
        if begun is not None:
            try:
                part = zlib.decompressobj().decompress(content[begun.end() :], left)
            except zlib.error:
                continue  # compressed in another way, or encrypted
            yield part
            left -= len(part)
        if left <= 0 or count > _MOST_OBJECT_STREAMS:
            raise ValidationError(
                _("El PDF es demasiado complejo. Imprímalo como PDF y escoja esa copia."),
                code="broken_pdf",
            )

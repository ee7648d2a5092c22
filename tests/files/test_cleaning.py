"""What is kept of a photograph and of a paper, and what is refused."""

from __future__ import annotations

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kallari.files import cleaning
from tests.files import samples


def code_of(clean, content, name="papel.jpg"):
    with pytest.raises(ValidationError) as error:
        clean(content, name)
    assert error.value.messages[0]
    return error.value.code


def opened(content):
    return Image.open(io.BytesIO(content))


def is_red(color):
    return color[0] > 200 and color[2] < 60


# --- Photographs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
    ],
)
def test_every_usual_picture_becomes_a_jpeg(form, mode):
    clean = cleaning.photograph(samples.picture(form=form, mode=mode), "Rosa.png")
    kept = opened(clean.content)
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (40, 20))
    assert (clean.name, clean.content_type) == ("Rosa.jpg", "image/jpeg")
    assert (clean.width, clean.height) == (40, 20)


def test_sixteen_bits_of_gray_stay_gray_and_no_page_of_white():
    written = io.BytesIO()
    Image.new("I;16", (10, 10), 32768).save(written, "PNG")
    assert opened(cleaning.photograph(written.getvalue()).content).getpixel(
        (5, 5)
    ) == pytest.approx((128, 128, 128), abs=2)


def test_what_is_transparent_becomes_white():
    written = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(cleaning.photograph(written.getvalue()).content).getpixel((5, 5)) == (255,) * 3


def test_place_moment_and_device_are_gone_and_the_picture_stands_upright():
    original = samples.telephone_photograph()
    assert opened(original).getexif().get_ifd(0x8825)[1] == "S"
    clean = cleaning.photograph(original, "IMG_1.jpg")
    for content in (clean.content, clean.preview):
        kept = opened(content)
        assert dict(kept.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "dpi"} & set(kept.info)
        assert kept.size == (40, 80)
        for trace in (b"Exif", b"GPS", b"Rosa", b"Napo", b"2026"):
            assert trace not in content
    # EXIF 2.3: orientation 6 shows the first column of what is stored on top
    assert is_red(opened(clean.content).getpixel((20, 10)))
    assert not is_red(opened(clean.content).getpixel((20, 70)))


def test_a_damaged_note_beside_the_picture_does_no_harm():
    original = samples.picture(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert cleaning.photograph(original).width == 40


def test_a_large_picture_is_reduced_and_keeps_its_proportions():
    clean = cleaning.photograph(samples.picture(4000, 2000))
    assert opened(clean.content).size == (1600, 800)
    assert opened(clean.preview).size == (320, 160)
    assert (clean.width, clean.height) == (1600, 800)


def test_the_same_bytes_give_the_same_bytes():
    original = samples.telephone_photograph()
    assert cleaning.photograph(original, "a.jpg") == cleaning.photograph(original, "a.jpg")


def test_what_follows_a_picture_is_not_kept():
    clean = cleaning.photograph(samples.picture() + samples.HTML)
    assert b"script" not in clean.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (samples.HEIC, "heic"),
        (samples.HTML, "not_a_photograph"),
        (samples.SVG, "not_a_photograph"),
        (b"\xef\xbb\xbf  " + samples.SVG, "not_a_photograph"),
        (samples.PDF, "not_a_photograph"),
        (samples.OFFICE, "not_a_photograph"),
        (samples.PROGRAM, "not_a_photograph"),
        (samples.picture(form="GIF"), "not_a_photograph"),
        (samples.picture(form="BMP"), "not_a_photograph"),
        (samples.picture(form="TIFF"), "not_a_photograph"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not_a_photograph"),
        (samples.picture(400, 200)[:-300], "broken_picture"),
        (samples.picture(400, 200, "PNG")[:-100], "broken_picture"),
        (samples.picture(400, 200, "WEBP")[:-100], "broken_picture"),
        (b"\xff\xd8\xff" + b"x" * 100, "broken_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "broken_picture"),
        (samples.png_that_says(100, 100_000), "broken_picture"),
        (samples.png_that_says(5001, 5000), "too_many_pixels"),
        (samples.png_that_says(10_000, 9_500), "too_many_pixels"),  # Pillow warns
        (samples.png_that_says(50_000, 50_000), "too_many_pixels"),  # Pillow refuses
        (samples.png_that_says(2**31 - 1, 2**31 - 1), "too_many_pixels"),
    ],
)
def test_what_is_no_photograph_is_refused_whatever_it_is_called(content, code):
    assert code_of(cleaning.photograph, content, "foto.jpg") == code


def test_twenty_megabytes_are_too_many():
    content = samples.picture() + b"\0" * 20 * 1024 * 1024
    assert code_of(cleaning.photograph, content) == "too_large"
    upload = SimpleUploadedFile("foto.jpg", content)
    assert code_of(cleaning.photograph, upload) == "too_large"
    assert code_of(cleaning.document, upload) == "too_large"
    assert cleaning.photograph(content[: 14 * 1024 * 1024]).width == 40


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        (r"C:\Users\Rosa\foto.JPG", "foto.jpg"),
        ("foto\r\nSet-Cookie: a=b.png", "foto Set-Cookie a=b.jpg"),
        ("Rosa\u202egpj.exe", "Rosagpj.jpg"),
        ("foto.jpg.html", "foto.jpg.jpg"),
        ("", "fotografia.jpg"),
        ("...", "fotografia.jpg"),
        ("/", "fotografia.jpg"),
        ("\0", "fotografia.jpg"),
        ("Nun\u0303ez ❤\ufe0f.jpeg", "Nu\u00f1ez ❤.jpg"),
        ("a" * 400 + ".png", "a" * 146 + ".jpg"),
    ],
)
def test_a_name_is_no_path_and_hides_nothing(told, kept):
    assert cleaning.photograph(samples.picture(), told).name == kept


# --- Papers -------------------------------------------------------------------------------------


def test_a_pdf_is_kept_as_it_is():
    clean = cleaning.document(samples.PDF, "Acta 12.pdf")
    assert (clean.content, clean.content_type) == (samples.PDF, "application/pdf")
    assert (clean.name, clean.preview, clean.width) == ("Acta 12.pdf", b"", None)


def test_a_photographed_paper_is_cleaned_and_stays_readable():
    clean = cleaning.document(samples.picture(4800, 2400), "acta.jpg")
    assert opened(clean.content).size == (2400, 1200)
    assert dict(opened(cleaning.document(samples.telephone_photograph()).content).getexif()) == {}


def object_stream(body):
    packed = zlib.compress(body)
    stream = b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
    return samples.PDF.replace(
        b"trailer", stream % len(packed) + packed + b"\nendstream\nendobj\ntrailer"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (samples.HTML, "not_a_document"),
        (samples.SVG, "not_a_document"),
        (samples.OFFICE, "not_a_document"),
        (samples.PROGRAM, "not_a_document"),
        (samples.HEIC, "heic"),
        (samples.picture(form="WEBP"), "not_a_document"),
        (b"\n" + samples.PDF, "not_a_document"),
        (samples.HTML + samples.PDF, "not_a_document"),
        (b"%PDF-1.4\n", "broken_pdf"),
        (samples.PDF[:-8], "broken_pdf"),
        (samples.PDF + b" " * 2000, "broken_pdf"),
        (samples.PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n<html><script>1</script>"), "mixed_file"),
        (samples.PDF + samples.HTML, "mixed_file"),
        (samples.PDF + b"PK\x05\x06", "mixed_file"),
        (
            samples.PDF.replace(b"/Pages 2", b"/OpenAction << /S /JavaScript >> /Pages 2"),
            "active_pdf",
        ),
        (samples.PDF.replace(b"/Pages 2", b"/S /J#61vaScript /Pages 2"), "active_pdf"),
        (samples.PDF.replace(b"/Pages 2", b"/S /Launch /Pages 2"), "active_pdf"),
        (samples.PDF.replace(b"/Pages 2", b"/EmbeddedFiles 5 0 R /Pages 2"), "active_pdf"),
        (object_stream(b"5 0 << /S /JavaScript /JS (1) >>"), "active_pdf"),
        (object_stream(b"\0" * (51 * 1024 * 1024)), "broken_pdf"),
        (samples.PDF.replace(b"trailer", b"/ObjStm " * 1_000_000 + b"trailer"), "broken_pdf"),
    ],
)
def test_what_is_no_paper_is_refused_whatever_it_is_called(content, code):
    assert code_of(cleaning.document, content, "acta.pdf") == code


def test_an_object_stream_without_programs_is_well():
    assert cleaning.document(object_stream(b"5 0 << /Type /Font >>")).content

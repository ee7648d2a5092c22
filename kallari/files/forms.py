"""Fields that take a file, with or without script.

    photograph = PhotographField(label=_("Fotografía"), required=False, camera=True)

What they give goes to `kallari.files.services` as ``upload``. The form's page says
``enctype="multipart/form-data"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext_lazy as _

from kallari.files import cleaning

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from kallari.files.cleaning import CleanFile


@keep_lazy_text
def _with_megabytes(words: StrOrPromise, megabytes: int) -> str:
    """The words with their number, in the language of whoever reads the form."""
    return str(words) % {"megabytes": megabytes}


class _CleanFileField(forms.FileField):
    """Takes a file through one of the functions of `kallari.files.cleaning`."""

    def __init__(
        self,
        clean_file: Callable[..., CleanFile],
        accept: tuple[str, ...],
        *,
        camera: bool,
        **kwargs: Any,
    ) -> None:
        attributes = {"accept": ",".join(accept)} | ({"capture": "environment"} if camera else {})
        kwargs.setdefault("widget", forms.FileInput(attrs=attributes))
        super().__init__(allow_empty_file=True, **kwargs)  # said in our own words
        self.clean_file = clean_file

    def to_python(self, data: Any) -> CleanFile | None:  # type: ignore[override]  # not the upload
        upload = super().to_python(data)
        return None if upload is None else self.clean_file(upload)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """A file is never kept from before: a record's page says beside the field what it has."""
        return super().clean(data, None)


class PhotographField(_CleanFileField):
    """A photograph. `camera` opens the telephone's camera at once; without it people choose
    between the camera and what they have."""

    def __init__(self, *, camera: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Fotografía"))
        kwargs.setdefault(
            "help_text",
            _with_megabytes(
                _(
                    "JPEG, PNG o WebP de hasta %(megabytes)s MB. Se guarda reducida, sin el lugar "
                    "ni la fecha que anota el teléfono."
                ),
                cleaning.LARGEST_PHOTOGRAPH_MB,
            ),
        )
        kwargs.setdefault("error_messages", {"required": _("Escoja o tome una fotografía.")})
        super().__init__(cleaning.photograph, cleaning.PHOTOGRAPH_TYPES, camera=camera, **kwargs)


class DocumentField(_CleanFileField):
    """A paper: a PDF, or a photograph of it."""

    def __init__(self, *, camera: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Documento"))
        kwargs.setdefault(
            "help_text",
            _with_megabytes(
                _("PDF, o fotografía JPEG o PNG del papel, de hasta %(megabytes)s MB."),
                cleaning.LARGEST_DOCUMENT_MB,
            ),
        )
        kwargs.setdefault("error_messages", {"required": _("Escoja el documento.")})
        super().__init__(cleaning.document, cleaning.DOCUMENT_TYPES, camera=camera, **kwargs)

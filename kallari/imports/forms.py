"""Choosing a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kallari.imports.reading import LARGEST_FILE_MB


class UploadForm(forms.Form):
    """One file."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Archivo XLSX o CSV"),
        allow_empty_file=True,  # said in our own words when it is read
        help_text=_("Una hoja de cálculo de Excel (XLSX), o un archivo CSV."),
        error_messages={"required": _("Escoja el archivo que quiere importar.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv,text/plain"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_MB * 1024 * 1024:
            raise ValidationError(
                _("El archivo pesa más de %(megabytes)s MB. Divídalo e impórtelo por partes."),
                code="too_large",
                params={"megabytes": LARGEST_FILE_MB},
            )
        return file

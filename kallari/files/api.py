"""Fields that take a file, for programs.

    class NewPhotographSerializer(serializers.Serializer):
        photograph = PhotographField()

    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])

What they give goes to `kallari.files.services` as ``upload``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from kallari.files import cleaning

if TYPE_CHECKING:
    from collections.abc import Callable

    from kallari.files.cleaning import CleanFile


class _CleanFileField(serializers.FileField):
    """Takes a file of a multipart form; nothing of it is ever shown in an answer."""

    clean_file: Callable[..., CleanFile]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(write_only=True, allow_empty_file=True, **kwargs)  # in our own words

    def to_internal_value(self, data: Any) -> CleanFile:  # type: ignore[override]  # not the upload
        upload = super().to_internal_value(data)
        try:
            return type(self).clean_file(upload)
        except ValidationError as refusal:
            raise serializers.ValidationError(get_error_detail(refusal)) from refusal


class PhotographField(_CleanFileField):
    """A photograph: JPEG, PNG or WebP."""

    clean_file = staticmethod(cleaning.photograph)


class DocumentField(_CleanFileField):
    """A paper: PDF, or a photograph of it."""

    clean_file = staticmethod(cleaning.document)

"""Store a photograph, store a document, erase."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kallari.files import cleaning
from kallari.files.models import StoredFile
from kallari.history.context import acting

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile


def store_photograph(
    *,
    actor: User | None,
    upload: CleanFile | File[bytes] | bytes,
    name: str = "",
    reason: str = "",
) -> StoredFile:
    """Keep a photograph: turned upright, reduced, without place, time and device.

    Args:
        upload: what `kallari.files.forms.PhotographField` gives, or any file or bytes, which are
            cleaned here.
        name: how the file is called, where `upload` does not say.

    Raises:
        ValidationError: as `kallari.files.cleaning.photograph`.
    """
    return _store(actor, StoredFile.Kind.PHOTOGRAPH, cleaning.photograph(upload, name), reason)


def store_document(
    *,
    actor: User | None,
    upload: CleanFile | File[bytes] | bytes,
    name: str = "",
    reason: str = "",
) -> StoredFile:
    """Keep a paper: a PDF as it is, or a photograph of the paper, cleaned as any photograph.

    Args: as `store_photograph`.

    Raises:
        ValidationError: as `kallari.files.cleaning.document`.
    """
    return _store(actor, StoredFile.Kind.DOCUMENT, cleaning.document(upload, name), reason)


@transaction.atomic
def _store(actor: User | None, kind: StoredFile.Kind, clean: CleanFile, reason: str) -> StoredFile:
    with acting(actor, reason=reason):
        stored = StoredFile(
            kind=kind,
            name=clean.name,
            content_type=clean.content_type,
            size=len(clean.content),
            digest=hashlib.sha256(clean.content).hexdigest(),
            content=clean.content,
            preview=clean.preview,
            preview_digest=hashlib.sha256(clean.preview).hexdigest(),
            width=clean.width,
            height=clean.height,
            uploaded_by=actor,
        )
        stored.full_clean()
        stored.save()
    return stored


@transaction.atomic
def erase_file(*, actor: User | None, stored: StoredFile, reason: str) -> StoredFile:
    """Erase the bytes of a file for good, because the person it shows wishes it or it should
    never have been taken. The record that points at it shows nothing from then on.

    Raises:
        ValidationError: ``already_erased``; ``reason_required`` without a reason.
    """
    with acting(actor, reason=reason):
        stored = StoredFile.objects.select_for_update().get(pk=stored.pk)
        if stored.is_erased:
            raise ValidationError(_("Este archivo ya está borrado."), code="already_erased")
        stored.content = stored.preview = b""
        stored.state = StoredFile.State.ERASED
        stored.full_clean()
        stored.save()
    return stored

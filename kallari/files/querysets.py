"""Reading files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from kallari.files.models import StoredFile  # noqa: F401


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Named filters over files."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What somebody handed in themselves. Everybody else sees a file through the record that
        it belongs to, and by that record's rights."""
        return self.filter(uploaded_by=user.pk) if user.pk else self.none()

    def photographs(self) -> Self:
        """Photographs that were not erased."""
        return self.filter(kind="photograph", state="kept")

    def documents(self) -> Self:
        """Documents that were not erased."""
        return self.filter(kind="document", state="kept")


class StoredFileManager(models.Manager.from_queryset(StoredFileQuerySet)):  # type: ignore[misc]  # made at run time
    """Leaves the bytes in the database until somebody asks for them: a list of people with their
    photographs would carry megabytes."""

    def get_queryset(self) -> StoredFileQuerySet:
        """All files, without their bytes."""
        return StoredFileQuerySet(self.model, using=self._db).defer("content", "preview")

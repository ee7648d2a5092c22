"""A file that belongs to a record."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.files.querysets import StoredFileManager
from kallari.history.records import History, never_removed
from kallari.text import LineField

LONGEST_NAME = 150


def _sha256_of(field: str) -> models.Func:
    """What PostgreSQL computes of a column of bytes: its SHA-256, in hexadecimal."""
    return models.Func(
        models.Func(models.F(field), function="sha256"),
        models.Value("hex"),
        function="encode",
        output_field=models.CharField(),
    )


def _length_of(field: str) -> models.Func:
    return models.Func(models.F(field), function="octet_length", output_field=models.IntegerField())


def _never_changed() -> pgtrigger.Trigger:
    """A trigger that allows one change alone: that a kept file is erased."""
    return pgtrigger.Trigger(
        name="never_changed",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF (to_jsonb(NEW) - ARRAY['state', 'content', 'preview'])
                IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['state', 'content', 'preview'])
            OR (OLD.state, NEW.state) IS DISTINCT FROM ('kept', 'erased')
                AND (OLD.state, OLD.content, OLD.preview)
                    IS DISTINCT FROM (NEW.state, NEW.content, NEW.preview)
            THEN
                RAISE EXCEPTION '% rows never change; they are erased', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


class StoredFile(models.Model):
    """One photograph or paper, as it was cleaned when somebody handed it in.

    Kept in the database, so that a backup is whole and any server can hand it out. It never
    changes: another photograph is another row, and the record points at that one from then on.
    On a person's wish it is erased: the bytes go, while history keeps that there was a file, its
    digest, and why it went. (Backups made before still hold it until they are thrown away.)
    """

    class Kind(models.TextChoices):
        PHOTOGRAPH = "photograph", _("fotografía")
        DOCUMENT = "document", _("documento")

    class State(models.TextChoices):
        KEPT = "kept", _("guardado")
        ERASED = "erased", _("borrado")

    JPEG, PDF = "image/jpeg", "application/pdf"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("clase"), max_length=10, choices=Kind, editable=False)
    name = LineField(_("nombre del archivo"), max_length=LONGEST_NAME, editable=False)
    content_type = models.CharField(_("formato"), max_length=20, editable=False)
    size = models.PositiveIntegerField(_("tamaño en bytes"), editable=False)
    digest = models.CharField(_("huella"), max_length=64, editable=False)
    content = models.BinaryField(_("contenido"), editable=False, blank=True)
    preview = models.BinaryField(_("vista reducida"), editable=False, blank=True, default=b"")
    preview_digest = models.CharField(
        _("huella de la vista reducida"), max_length=64, editable=False
    )
    width = models.PositiveIntegerField(_("ancho en puntos"), null=True, editable=False)
    height = models.PositiveIntegerField(_("alto en puntos"), null=True, editable=False)
    state = models.CharField(
        _("estado"), max_length=6, choices=State, default=State.KEPT, editable=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entregado por"),
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("entregado"), default=timezone.now, editable=False)

    objects: ClassVar[StoredFileManager] = StoredFileManager()
    history = History(
        excluded_fields=["content", "preview"], masked_fields=["digest", "preview_digest"]
    )

    class Meta:
        verbose_name = _("archivo")
        verbose_name_plural = _("archivos")
        ordering: ClassVar[list[str]] = ["-uploaded_at"]
        base_manager_name = "objects"
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="kept") | models.Q(state="erased"),
                name="a_file_is_kept_or_erased",
            ),
            models.CheckConstraint(
                condition=models.Q(state="erased", content=b"", preview=b"")
                | models.Q(
                    state="kept",
                    digest=_sha256_of("content"),
                    preview_digest=_sha256_of("preview"),
                    size=_length_of("content"),
                    size__gt=0,
                ),
                name="a_kept_file_is_what_its_digest_says",
                violation_error_message=_("El contenido del archivo no es el de su huella."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="photograph",
                    content_type="image/jpeg",
                    width__isnull=False,
                    height__isnull=False,
                )
                | models.Q(kind="document", content_type__in=["image/jpeg", "application/pdf"]),
                name="a_file_is_a_cleaned_photograph_or_a_paper",
                violation_error_message=_("Solo se guardan fotografías JPEG y documentos PDF."),
            ),
        ]
        triggers: ClassVar[list[Any]] = [never_removed(), _never_changed()]

    def __str__(self) -> str:
        return self.name

    @property
    def is_erased(self) -> bool:
        """Whether its bytes are gone."""
        return self.state == self.State.ERASED

    @property
    def is_image(self) -> bool:
        """Whether a page can show it as a picture."""
        return self.content_type == self.JPEG

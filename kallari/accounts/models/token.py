"""Keys by which programs call the API."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kallari.accounts.querysets import ApiTokenQuerySet
from kallari.history.records import History

ApiTokenManager = models.Manager.from_queryset(ApiTokenQuerySet)


class ApiToken(models.Model):
    """A key by which a program acts as one account. Only its digest is kept, so that a copy of
    the database opens nothing; it is shown once, when made."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="api_tokens",
        verbose_name=_("cuenta"),
    )
    digest = models.CharField(_("huella"), max_length=64, unique=True, editable=False)
    label = models.CharField(_("para qué sirve"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("creada"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("anulada"), null=True, blank=True)

    last_used_at = models.DateTimeField(_("usada por última vez"), null=True, editable=False)

    objects: ClassVar[ApiTokenManager] = ApiTokenManager()
    history = History(excluded_fields=["last_used_at"], masked_fields=["digest"])

    class Meta:
        verbose_name = _("clave de programa")
        verbose_name_plural = _("claves de programa")
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user}: {self.label or self.digest[:8]}"

"""The chain of seals, and what each sealed history row was when it was sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kallari.history.records import append_only
from kallari.history.seals.codes import paper_code
from kallari.history.seals.querysets import SealQuerySet


class Seal(models.Model):
    """One link of the chain: a digest over the digest before it and all history rows written
    since. Whoever keeps a seal's code on paper can prove later that none of the rows up to it
    was changed, removed or inserted afterwards. The computation is described in docs/history.md.
    """

    number = models.PositiveIntegerField(_("número"), primary_key=True)
    sealed_at = models.DateTimeField(_("sellado el"))
    previous_digest = models.CharField(_("huella anterior"), max_length=64, null=True)  # noqa: DJ001  # NULL: the first seal follows none
    after_id = models.BigIntegerField(_("después de la fila"))
    upto_id = models.BigIntegerField(_("hasta la fila"))
    row_count = models.BigIntegerField(_("filas selladas"))
    tables = models.JSONField(_("tablas y columnas"))
    """What was sealed, in this order: ``[{"table", "object", "columns": […]}, …]``; "object" is
    the column that names the record. Columns added later do not touch this seal."""
    digest = models.CharField(_("huella"), max_length=64)

    without_history: ClassVar[str] = "append-only, and itself the evidence of history"

    objects: ClassVar[models.Manager[Seal]] = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("sello")
        verbose_name_plural = _("sellos")
        ordering: ClassVar[list[str]] = ["-number"]
        default_permissions = ()  # read by roles.READS_HISTORY, written by `manage.py seal` alone
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upto_id"], name="seals_end_at_different_rows"),
            models.CheckConstraint(
                condition=models.Q(upto_id__gt=models.F("after_id"), after_id__gte=0),
                name="a_seal_reaches_further_than_the_one_before",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1, after_id=0, previous_digest__isnull=True)
                | models.Q(number__gt=1, previous_digest__isnull=False),
                name="only_the_first_seal_follows_none",
            ),
        ]
        triggers: ClassVar[list[Any]] = [append_only()]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What is written into the minutes: number, 120 bits of the digest, a check character."""
        return paper_code(self.number, self.digest)


class SealedRow(models.Model):
    """The digest that one history row had when it was sealed, so that `verify_history` can name
    the very row that was changed since.

    It belongs to the seal between whose bounds its number lies. There is one for every history
    row, so it is kept small: no second index, no reference.
    """

    history_id = models.BigIntegerField(_("fila de la historia"), primary_key=True)
    table_index = models.SmallIntegerField(_("tabla"))
    """Place in the seal's list of tables, from 0."""
    object_pk = models.TextField(_("registro"))
    digest = models.BinaryField(_("huella"))

    without_history: ClassVar[str] = "append-only, and itself the evidence of history"

    class Meta:
        verbose_name = _("fila sellada")
        verbose_name_plural = _("filas selladas")
        default_permissions = ()
        triggers: ClassVar[list[Any]] = [append_only()]

    def __str__(self) -> str:
        return str(self.history_id)

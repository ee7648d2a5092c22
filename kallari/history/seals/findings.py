"""What `verify_history` can find, each in words a surveillance board understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of findings. The values are stable: programs may read them."""

    ROW_CHANGED = "row_changed", _("Fila de la historia cambiada después de sellada")
    ROW_REMOVED = "row_removed", _("Fila de la historia quitada después de sellada")
    ROW_INSERTED = "row_inserted", _("Fila metida en la historia con SQL")
    ROW_IMPOSSIBLE = "row_impossible", _("Fila de la historia en un orden imposible")
    LIVE_CHANGED = "live_changed", _("Registro cambiado sin historia")
    LIVE_WITHOUT_HISTORY = "live_without_history", _("Registro creado sin historia")
    LIVE_MISSING = "live_missing", _("Registro borrado sin historia")
    LIVE_THOUGH_REMOVED = "live_though_removed", _("Registro que sigue vivo después de borrado")
    CHAIN_BROKEN = "chain_broken", _("Cadena de sellos rota")
    LIST_ALTERED = "list_altered", _("Lista de filas selladas alterada")
    CODE_DIFFERS = "code_differs", _("El código anotado en papel no coincide")
    TABLE_CHANGED = "table_changed", _("Tabla o columna de la historia quitada o reemplazada")
    TRIGGER_OFF = "trigger_off", _("Protección quitada, apagada o cambiada")
    FUNCTION_REPLACED = "function_replaced", _("Función de la base de datos reemplazada")
    RULE_MISSING = "rule_missing", _("Regla de la base de datos quitada")
    RULE_BROKEN = "rule_broken", _("Registro que incumple una regla de la base de datos")
    SETTING_UNSAFE = "setting_unsafe", _("Ajuste de la base de datos que apaga las protecciones")
    SECOND_FACTOR_DIFFERS = (
        "second_factor_differs",
        _("Segundo factor puesto o quitado sin historia"),
    )
    RIGHTS_DIFFER = "rights_differ", _("Permisos distintos de los de la matriz de roles")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    `model` is the label of the model, `fields` the labels of the fields that differ; never what
    they hold, because findings are printed and logged.
    """

    kind: Kind
    message: str
    model: str = ""
    object_pk: str = ""
    history_id: int | None = None
    fields: tuple[str, ...] = ()
    seal: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"kind": self.kind.value, "title": str(self.kind.label)}


Report = Callable[[Finding], None]

"""Django's command, with the reason that history asks of every change."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword

from kallari.history.context import acting


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with acting(reason="Contraseña cambiada desde la consola del servidor"):
            return super().handle(*args, **options)

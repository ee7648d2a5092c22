"""``manage.py demo --scale small|full``: invented people in real communities, to try things on."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kallari.demo import DemoContext, Scale
from kallari.history.context import acting

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Calls ``load(context)`` of every app's ``demo`` module, in the order of INSTALLED_APPS.

    All of it in one transaction. A database that holds somebody's work is left alone: the people
    here are invented, and their passwords are printed.
    """

    help = "Load invented people in real communities, to try the application on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            choices=[scale.value for scale in Scale],
            default=Scale.SMALL.value,
            help="small: a look around, within seconds; full: as large as the association.",
        )

    @transaction.atomic
    def handle(self, *args: Any, scale: str, **options: Any) -> None:
        """Load the demo data, or say why not.

        Raises:
            CommandError: the database holds accounts that are not demo accounts, or rows that an
                app's demo would mix with.
        """
        modules = [
            import_module(name)
            for config in apps.get_app_configs()
            if find_spec(name := f"{config.name}.demo") and config.name != "kallari"
        ]
        users = get_user_model().objects
        if users.filter(is_demo=True).exists():
            self.stdout.write("The demo data is already there; nothing was changed.")
            return
        if users.exists() or any(module.in_use() for module in modules):
            raise CommandError(
                "This database already holds your own data, and demo data would mix with it. "
                "Nothing was changed. Point DATABASE_URL to an empty database to try the demo."
            )
        context = DemoContext(scale=Scale(scale), say=self.stdout.write)
        with acting(reason="datos de demostración"):
            for module in modules:
                module.load(context)
        self.stdout.write(f"Demo data loaded ({scale}).")

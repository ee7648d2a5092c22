"""``manage.py token USERNAME``: a key by which a program calls the API as that account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kallari.accounts import services
from kallari.accounts.models import User


class Command(BaseCommand):
    help = "Crea una clave de programa para una cuenta y la escribe, sola, en la salida."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="usuario o cédula de la cuenta")
        parser.add_argument("--label", default="", help="para qué sirve la clave")

    def handle(self, *_args: Any, username: str, label: str, **_options: Any) -> None:
        account = User.objects.found_by(username).first()
        if account is None:
            raise CommandError(f"No hay ninguna cuenta con el usuario «{username}».")
        try:
            _token, key = services.make_token(None, account=account, label=label)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(key)

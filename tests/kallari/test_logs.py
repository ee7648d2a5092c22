"""What the log never says."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from kallari.accounts.models import User
from tests.people import PASSWORD


def _formatter() -> logging.Formatter:
    logging_settings: dict[str, Any] = django_settings.LOGGING
    options = dict(logging_settings["formatters"]["plain"])
    formatter: type[logging.Formatter] = import_string(options.pop("()"))
    return formatter(options["format"], style=options["style"])


@pytest.mark.parametrize(
    "code", ["45GH2K7QWXZ0123456AB", "45gh2k7qwxz0123456ab", "45GH2 K7QWX Z0123 456AB"]
)
def test_the_code_of_a_statement_is_logged_by_nobody(code: str) -> None:
    for said in (f"Not Found: /cuenta/{code}/", f"Not Found: /cuenta/{code}"):
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, said, None, None)
        text = _formatter().format(record)
        assert code not in text
        assert "Not Found: /cuenta/" in text


def test_other_addresses_are_logged_as_they_are() -> None:
    for address in ("/cuenta/", "/cuenta/sesiones/", "/familias/45GH2K7QWXZ0123456AB/"):
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, address, None, None)
        assert address in _formatter().format(record)


@pytest.mark.django_db
def test_a_refusal_of_the_database_is_logged_without_the_row() -> None:
    User.objects.create_user("rosa", PASSWORD, full_name="Rosa\nAndi", cedula="1500123458")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_formatter())
    logger = logging.getLogger("tests.refusals")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            User.objects.filter(username="rosa").update(password="x")  # without history: refused
        assert "1500123458" in str(refusal.value)
        logger.error("no se pudo", exc_info=refusal.value)
    finally:
        logger.removeHandler(handler)
    text = written.getvalue()
    assert "password_fingerprint_fits_the_password" in text
    assert "IntegrityError" in text
    assert "1500123458" not in text
    assert "Andi" not in text

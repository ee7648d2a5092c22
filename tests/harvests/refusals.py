"""Asking a service for what it must refuse."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError


def refused(code):
    """``with refused("published"): …``: it is refused, and for that reason."""
    return pytest.raises(ValidationError, check=lambda error: code in _codes(error))


def _codes(error):
    fields = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return {one.code for several in fields for one in several}

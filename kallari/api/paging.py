"""Lists come in pages that say how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

if TYPE_CHECKING:
    from rest_framework.request import Request


class StrictSize:
    """How many rows a page holds: ``?limit=100``, at most 200, and nothing else."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    page_size_query_description = _("Cuántos por página, 200 como máximo.")

    def get_page_size(self, request: Request) -> int:
        """How many rows the page holds.

        Raises:
            ValidationError: the limit is no whole number from 1 to 200. It is never bent into
                one: a program that believes it has all rows would not ask for the rest.
        """
        if self.page_size_query_param not in request.query_params:
            return self.page_size
        limit = serializers.IntegerField(min_value=1, max_value=self.max_page_size)
        try:
            wanted: int = limit.run_validation(request.query_params[self.page_size_query_param])
        except ValidationError as error:
            raise ValidationError({self.page_size_query_param: error.detail}) from error
        return wanted

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters, numbers with their limits."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)  # type: ignore[misc]  # DRF's
        for parameter in parameters:
            if parameter["schema"]["type"] == "integer":
                parameter["schema"]["minimum"] = 1
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"maximum": self.max_page_size, "default": self.page_size}
        return parameters


class Pages(StrictSize, PageNumberPagination):  # type: ignore[misc]  # DRF types a class attribute
    """``?page=2&limit=100``: `count`, `next`, `previous`, `results`; at most 200 a page.

    For what grows without end, such as changes, take a keyset instead: counting and skipping
    would read all of it.
    """

    page_query_description = _("Número de la página, desde 1.")  # type: ignore[assignment]  # lazy
    invalid_page_message = _("Esa página no existe.")  # type: ignore[assignment]  # lazy

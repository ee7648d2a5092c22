"""django-import-export's part: cells become values of the right kind, compared and validated.

A `RecordResource` never writes. It cleans a row into a copy of the row's record and says whether
anything differs; writing is for the app's services, with their locks, rules and reasons.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader

from kallari.search.names import Names


class InFile:
    """A record that does not exist yet: row `number` of the file would make it."""

    def __init__(self, number: int) -> None:
        self.number = number


class RecordLoader(BaseInstanceLoader):
    """All records that a row may mean, in memory by primary key: a few queries for a whole file.
    The importer identifies a row and says which record is `meant`."""

    def __init__(self, resource: Any, *, records: Iterable[models.Model]) -> None:
        super().__init__(resource)
        self.records = {record.pk: record for record in records}
        self.meant: models.Model | None = None

    def get_instance(self, row: dict[str, str]) -> models.Model | None:
        """A copy of the record that the row surely means; None when none or only a person can
        tell."""
        return copy.copy(self.meant)


class SpellingLoader(RecordLoader):
    """A `RecordLoader` that knows the spellings under which the records are found.

    Args:
        records: all records that a row may mean.
        spellings: their names and further spellings.
    """

    def __init__(self, resource: Any, *, records: Iterable[models.Model], spellings: Names) -> None:
        super().__init__(resource, records=records)
        self.names = spellings


class RecordResource(resources.ModelResource):
    """Base of the resources behind importers. An empty cell says nothing: it leaves what is on
    record as it is.

    Subclasses name ``fields`` in their Meta, which inherits from `RecordResource.Meta`.
    """

    class Meta:
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        clean_model_instances = True

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        """The loader knows; no column holds a key."""
        return instance_loader.get_instance(row)

    def import_field(
        self, field: Any, instance: Any, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        if row.get(field.column_name, ""):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """Check the values that a file brings, by themselves. What other fields and records have to
        say, the service asks."""
        errors = dict(import_validation_errors or {})
        brought = {field.attribute for field in self.get_import_fields()} - errors.keys()
        others = {field.name for field in instance._meta.concrete_fields} - brought
        try:
            instance.clean_fields(exclude=others)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def save_instance(self, *args: Any, **kwargs: Any) -> None:
        """A resource only looks; the importer writes through the app's services."""

    def save_m2m(self, *args: Any, **kwargs: Any) -> None:
        """As `save_instance`."""

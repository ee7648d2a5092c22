"""The table of this app."""

from kallari.files.models.stored_file import StoredFile

__all__ = ["StoredFile"]

"""Files between looking and writing."""

from kallari.imports.models.upload import Upload

__all__ = ["Upload"]

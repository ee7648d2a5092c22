"""The chain of seals over all history rows. The history tables themselves stand beside the models
they follow (`kallari.history.records.History`)."""

from kallari.history.models.seal import Seal, SealedRow

__all__ = ["Seal", "SealedRow"]

"""What happens to a batch: begun, filled, moved from phase to phase, looked at, emptied; or found
never to have been."""

from harvests.services.batches.outputs import Given, finish_batch, take_out
from harvests.services.batches.undoing import correct_output, void_batch, was_used
from harvests.services.batches.working import add_to_batch, move_batch, note_reading, start_batch
from harvests.services.ledger import took_by_form

__all__ = [
    "Given",
    "add_to_batch",
    "correct_output",
    "finish_batch",
    "move_batch",
    "note_reading",
    "start_batch",
    "take_out",
    "took_by_form",
    "void_batch",
    "was_used",
]

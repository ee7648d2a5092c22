"""What happens to a lot: handed out, brought back, counted, spoiled, held back, found to be less
than it was certified as."""

from harvests.services.stock.adjusting import count_lot, decide_adjustment, write_off
from harvests.services.stock.keeping import hold_lot, move_lot, release_lot
from harvests.services.stock.leaving import dispatch_from_lot, take_back
from harvests.services.stock.weakening import downgrade_lot, lock_with_all_made_of, weaken

__all__ = [
    "count_lot",
    "decide_adjustment",
    "dispatch_from_lot",
    "downgrade_lot",
    "hold_lot",
    "lock_with_all_made_of",
    "move_lot",
    "release_lot",
    "take_back",
    "weaken",
    "write_off",
]

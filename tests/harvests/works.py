"""The center at work: kinds of process, places, batches and lots, as the services make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from harvests.models import Batch, Delivery, Lot, Place, ProcessKind, ProductForm
from harvests.services import batches, processes
from harvests.services.batches import Given
from harvests.services.ledger import Taken
from harvests.services.usual_processes import add_usual_processes
from tests.harvests import factories
from tests.harvests.handed_in import delivery
from tests.members import factories as register
from tests.people import make_account

ORGANIC, TRANSITION, CONVENTIONAL = "organic", "transition", "conventional"


def workshop() -> Any:
    """`factories.world` with the usual processes, a box, a dryer, a store, and who works there."""
    made = factories.world()
    add_usual_processes(actor=None)
    for code, name, kind in (
        ("cajon-1", "Cajón 1", Place.Kind.BOX),
        ("cajon-2", "Cajón 2", Place.Kind.BOX),
        ("secadora-1", "Secadora 1", Place.Kind.DRYER),
        ("bodega", "Bodega", Place.Kind.STORE),
    ):
        place = processes.add_place(actor=None, code=code, name=name, kind=kind, center=made.tena)
        setattr(made, code.replace("-", "_"), place)
    made.family = register.family()
    made.operator = make_account("center_operator", username="operadora")
    return made


def kind(code: str) -> ProcessKind:
    return ProcessKind.objects.get(code=code)


def form(code: str) -> ProductForm:
    return ProductForm.objects.get(code=code)


def handed_in(world: Any, kg: str = "100", of_class: str = CONVENTIONAL, **told: Any) -> Any:
    """Wet cocoa of a family, two days ago."""
    told.setdefault("weighed_at", timezone.now() - timedelta(days=2))
    family = told.pop("family", world.family)
    quality = told.pop("quality", world.primera)
    return delivery(family, quality, kg, "kg", of_class=of_class, **told)


def started(world: Any, *sources: Any, code: str = "beneficio", **told: Any) -> Batch:
    """A batch of all that is left of some deliveries or lots; (source, kg) takes a part. Begun
    a day ago, or when the last of them was there."""
    there = [_there_since(one[0] if isinstance(one, tuple) else one) for one in sources]
    told.setdefault("started_at", max([timezone.now() - timedelta(days=1), *there]))
    return batches.start_batch(
        actor=world.operator,
        kind=kind(code),
        center=world.tena,
        taken=[
            Taken(one[0], Decimal(one[1])) if isinstance(one, tuple) else Taken(one)
            for one in sources
        ],
        **told,
    )


def _there_since(source: Lot | Delivery) -> datetime:
    return source.made_at if isinstance(source, Lot) else source.weighed_at


def given(kg: str, form_code: str = "seco", **told: Any) -> Given:
    return Given(form=form(form_code), kg=Decimal(kg), **told)


def finished(world: Any, batch: Batch, *out: Given, **told: Any) -> list[Any]:
    """The lots of a batch that ended with these outputs."""
    batches.finish_batch(actor=world.operator, batch=batch, given=list(out), **told)
    return list(Lot.objects.filter(batch=batch).order_by("number"))


def dry(world: Any, *sources: Any, kg: str, **told: Any) -> Any:
    """One lot of dry cocoa, fermented and dried of deliveries."""
    (lot,) = finished(world, started(world, *sources), given(kg, **told))
    return lot


def blend(world: Any, *sources: Any, kg: str, form_code: str = "seco") -> Any:
    """One lot mixed of others."""
    (lot,) = finished(world, started(world, *sources, code="mezcla"), given(kg, form_code))
    return lot


def left(source: Lot | Delivery) -> Any:
    """What is left of a lot, or of a delivery of which some was used."""
    from harvests.models import StockBalance

    by = {"lot" if isinstance(source, Lot) else "delivery": source}
    found = StockBalance.objects.filter(**by).first()
    if found is not None:
        return found.kg
    assert isinstance(source, Delivery)
    return source.net_kg

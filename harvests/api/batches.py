"""Processes and lots for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from harvests.api.catalog import code_of
from harvests.models import (
    Batch,
    BatchReading,
    CertificationClass,
    CollectionCenter,
    Delivery,
    Lot,
    Place,
    ProcessKind,
    ProductForm,
    StockMovement,
)
from harvests.services import batches as services
from harvests.services.batches import Given
from harvests.services.ledger import Taken
from kallari.api.creation import CreatesOnce, KeyField, RowKeyField, other_content
from kallari.api.filters import ChangedSinceFilter, Ordering, YesNoFilter
from kallari.api.serializers import ReasonField, RecordSerializer, WrittenDecimalField
from kallari.api.viewsets import ListedViewSet
from members.services.locks import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

STARTED = ("kind", "center", "started_at", "note")


class BatchSerializer(RecordSerializer[Batch]):
    """Some harvest or lots that are worked together."""

    kind = serializers.CharField(source="kind.code")
    center = serializers.CharField(source="center.code")
    in_kg = serializers.DecimalField(
        source="totals.in_kg", max_digits=14, decimal_places=3, help_text=_("Cuánto entró.")
    )
    out_kg = serializers.DecimalField(
        source="totals.out_kg", max_digits=14, decimal_places=3, help_text=_("Cuánto salió.")
    )
    lots: serializers.SlugRelatedField[Lot] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True, help_text=_("Los lotes que salieron.")
    )

    class Meta:
        model = Batch
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "kind",
            "center",
            "status",
            "started_at",
            "ended_at",
            "in_kg",
            "out_kg",
            "yield_low",
            "yield_high",
            "yield_note",
            "lots",
            "note",
        ]
        read_only_fields = fields


class TakenSerializer(serializers.Serializer[Any]):
    """Some kilos of a delivery or of a lot; without kilos, all that is left."""

    delivery = RowKeyField(required=False, help_text=_("El identificador de una entrega."))
    lot = serializers.CharField(required=False, max_length=16, help_text=_("O un lote (código)."))
    kg = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, required=False, allow_null=True
    )
    pieces = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10_000_000
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("delivery" in attrs) == ("lot" in attrs):
            raise serializers.ValidationError(_("Diga una entrega o un lote."), code="one_source")
        user = self.context["request"].user
        rows: Any = (
            Delivery.objects.filter(pk=attrs["delivery"])
            if "delivery" in attrs
            else Lot.objects.filter(code=attrs["lot"])
        )
        source = rows.visible_to(user).first()
        if source is None:
            raise serializers.ValidationError(
                _("No existe, o no está a su cargo."), code="does_not_exist"
            )
        return {"taken": Taken(source, attrs.get("kg"), attrs.get("pieces"))}


class _PlaceField(serializers.SlugRelatedField[Place]):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Place.objects.all())
        super().__init__(
            slug_field="code", required=False, allow_null=True, help_text=_("Lugar."), **kwargs
        )


class NewBatchSerializer(RecordSerializer[Batch]):
    """What is told of a batch that begins."""

    id = KeyField()
    kind = serializers.SlugRelatedField(slug_field="code", queryset=ProcessKind.objects.all())
    center = serializers.SlugRelatedField(
        slug_field="code", queryset=CollectionCenter.objects.all()
    )
    taken = TakenSerializer(many=True, required=False)
    where = _PlaceField()

    class Meta:
        model = Batch
        fields: ClassVar[list[str]] = ["id", *STARTED, "where", "taken"]


class AddedSerializer(serializers.Serializer[Any]):
    """What is put into a batch under way."""

    id = KeyField()
    taken = TakenSerializer(many=True, allow_empty=False)


class ReadingSerializer(RecordSerializer[BatchReading]):
    """Something seen or done during a batch."""

    class Meta:
        model = BatchReading
        fields: ClassVar[list[str]] = ["id", "kind", "value", "read_at", "note", "replaces"]
        read_only_fields = fields


class NewReadingSerializer(RecordSerializer[BatchReading]):
    """What is told of a reading."""

    id = KeyField()
    read_at = serializers.DateTimeField(required=False)
    where = _PlaceField()

    class Meta:
        model = BatchReading
        fields: ClassVar[list[str]] = ["id", "kind", "value", "read_at", "note", "where"]


class GivenSerializer(serializers.Serializer[Any]):
    """Something that came out, to become a lot."""

    id = KeyField()
    product_form = serializers.SlugRelatedField(
        source="form", slug_field="code", queryset=ProductForm.objects.all()
    )
    kg = WrittenDecimalField(max_digits=12, decimal_places=3)
    pieces = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10_000_000
    )
    where = _PlaceField()
    certification_class = serializers.ChoiceField(
        choices=CertificationClass.choices,
        required=False,
        help_text=_("Sin ella, la más débil de lo que entró; más fuerte no se admite."),
    )
    sacks = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=30_000)
    marks = serializers.CharField(required=False, allow_blank=True, max_length=120)
    added_kg = WrittenDecimalField(max_digits=12, decimal_places=3, min_value=0, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class OutputsSerializer(serializers.Serializer[Any]):
    """What came out of a batch under way."""

    outputs = GivenSerializer(many=True, allow_empty=False)


class FinishedSerializer(serializers.Serializer[Any]):
    """The last that came out, and why it was more or less than expected."""

    outputs = GivenSerializer(many=True, required=False)
    ended_at = serializers.DateTimeField(required=False)
    yield_note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class VoidedSerializer(serializers.Serializer[Any]):
    """Why a batch never was."""

    reason = ReasonField()


class BatchFilter(filters.FilterSet):
    """Which batches a list holds."""

    kind = filters.CharFilter(field_name="kind__code", label=_("Clase de proceso (código)."))
    center = filters.CharFilter(field_name="center__code", label=_("De un centro (código)."))
    status = filters.ChoiceFilter(choices=Batch.Status.choices, label=_("Estado."))
    started_from = filters.DateFilter(
        field_name="started_at", lookup_expr="date__gte", label=_("Empezados desde ese día.")
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("started_at", "started_at"), ("code", "code")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )


@extend_schema_view(
    list=extend_schema(summary=_("Los procesos, los últimos primero")),
    retrieve=extend_schema(summary=_("Un proceso")),
)
class BatchViewSet(CreatesOnce, ListedViewSet):
    """Processes: for the center, who pays and who checks."""

    queryset = Batch.objects.with_names().prefetch_related("lots")
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]{1,16}"
    told_fields = STARTED
    rights: ClassVar[dict[str, tuple[str, str]]] = dict.fromkeys(
        ("add", "take_out", "finish", "void"), ("harvests.view_batch", "harvests.change_batch")
    ) | {"readings": ("harvests.view_batch", "harvests.add_batchreading")}

    @extend_schema(
        summary=_("Empezar un proceso"),
        description=_("El sistema le da el código que sigue."),
        request=NewBatchSerializer,
        responses={200: BatchSerializer, 201: BatchSerializer},
    )
    def create(self, request: Request) -> Response:
        """Begin a batch; the same message again changes nothing."""
        told = self.told_by(NewBatchSerializer)
        taken = [one["taken"] for one in told.pop("taken", [])]
        where = told.pop("where", None)

        def start(**wanted: Any) -> Batch:
            return services.start_batch(taken=taken, where=where, **wanted)

        self._sources, self._where = taken, where
        return self.create_once(told, start)

    def is_the_same_besides(self, row: Batch, told: Mapping[str, Any]) -> bool:
        """Whether a repeat puts the same into the same place: what was put in later is no part of
        it."""
        first = row.stages.order_by("started_at", "pk").first()
        if first is None or first.where_id != (self._where.pk if self._where else None):
            return False
        put_in = StockMovement.objects.filter(
            batch=row, kind=StockMovement.Kind.INPUT, kg__lt=0, moved_at=row.started_at
        )
        return _are_told(put_in, self._sources)

    @extend_schema(
        summary=_("Agregar entregas o lotes"), request=AddedSerializer, responses=BatchSerializer
    )
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def add(self, request: Request, code: str) -> Response:
        """Put more into it; a message that bears a key puts it in once."""
        told = self.told_by(AddedSerializer)
        batch, taken = locked(self.get_object()), [one["taken"] for one in told["taken"]]
        key = str(told.get("id", ""))
        if not (key and _was_added(batch, key, taken)):
            services.add_to_batch(actor=self.actor, batch=batch, taken=taken, reference=key)
        return Response(self.shown(batch.pk))

    @extend_schema(
        summary=_("Las lecturas de un proceso"),
        methods=["GET"],
        responses=ReadingSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        summary=_("Anotar una lectura"),
        methods=["POST"],
        request=NewReadingSerializer,
        responses={200: ReadingSerializer, 201: ReadingSerializer},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def readings(self, request: Request, code: str) -> Response:
        """What was seen or done, the first first; or one more, which a repeat does not double."""
        batch = self.get_object()
        if request.method == "GET":
            return Response(ReadingSerializer(batch.readings.all(), many=True).data)
        told = self.told_by(NewReadingSerializer)
        key = told.pop("id", None)
        batch = locked(batch)  # of two repeats at once, the second finds what the first has noted
        known = BatchReading.objects.filter(pk=key).first() if key else None
        if known is not None:
            # Where nothing was told, the place of the batch was taken.
            if known.batch_id != batch.pk or any(
                getattr(known, name) != told[name] for name in told if told[name] is not None
            ):
                raise other_content()
            return Response(ReadingSerializer(known).data, status=status.HTTP_200_OK)
        made = services.note_reading(actor=self.actor, batch=batch, key=key, **told)
        return Response(ReadingSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Sacar producto de un proceso"),
        request=OutputsSerializer,
        responses={200: BatchSerializer, 201: BatchSerializer},
    )
    @action(detail=True, methods=["post"], url_path="take-out")
    @transaction.atomic
    def take_out(self, request: Request, code: str) -> Response:
        """Weigh some of what comes out; lots that the sender named are made once."""
        told = self.told_by(OutputsSerializer)
        batch = locked(self.get_object())
        if _are_made(batch, told["outputs"]):
            return Response(self.shown(batch.pk), status=status.HTTP_200_OK)
        services.take_out(actor=self.actor, batch=batch, given=_given(told["outputs"]))
        return Response(self.shown(batch.pk), status=status.HTTP_201_CREATED)

    @extend_schema(
        summary=_("Terminar un proceso"), request=FinishedSerializer, responses=BatchSerializer
    )
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def finish(self, request: Request, code: str) -> Response:
        """The last came out; a repeat with lots that the sender named changes nothing."""
        told = self.told_by(FinishedSerializer)
        batch = locked(self.get_object())
        if batch.is_finished and _are_made(batch, told.get("outputs", [])):
            return Response(self.shown(batch.pk))
        services.finish_batch(
            actor=self.actor,
            batch=batch,
            given=_given(told.get("outputs", [])),
            ended_at=told.get("ended_at"),
            yield_note=told.get("yield_note", ""),
        )
        return Response(self.shown(batch.pk))

    @extend_schema(
        summary=_("Anular un proceso"), request=VoidedSerializer, responses=BatchSerializer
    )
    @action(detail=True, methods=["post"])
    def void(self, request: Request, code: str) -> Response:
        """It never was: all goes back to where it came from."""
        batch = self.get_object()
        services.void_batch(
            actor=self.actor, batch=batch, reason=self.told_by(VoidedSerializer)["reason"]
        )
        return Response(self.shown(batch.pk))


def _are_told(movements: Iterable[StockMovement], taken: Iterable[Taken]) -> bool:
    """Whether these lines are of what a message tells, no more and no less."""
    found = {one.delivery_id or one.lot_id: -one.kg for one in movements}
    return set(found) == {one.source.pk for one in taken} and all(
        one.kg in (None, found[one.source.pk]) for one in taken
    )


def _was_added(batch: Batch, key: str, taken: Sequence[Taken]) -> bool:
    """Whether a message put this into the batch already.

    Raises:
        Conflict: ``other_content``: it put in something else.
    """
    before = StockMovement.objects.filter(
        batch=batch, kind=StockMovement.Kind.INPUT, kg__lt=0, reference=key
    )
    if before and not _are_told(before, taken):
        raise other_content()
    return bool(before)


def _given(outputs: list[dict[str, Any]]) -> list[Given]:
    return [Given(key=one.get("id"), **_without_key(one)) for one in outputs]


def _without_key(output: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in output.items() if name != "id"}


def _are_made(batch: Batch, outputs: list[dict[str, Any]]) -> bool:
    """Whether these outputs, all named by the sender, are lots of the batch already.

    Raises:
        Conflict: ``other_content``: some of them are, or they are something else.
    """
    keys = {one["id"] for one in outputs if "id" in one}
    known = Lot.objects.in_bulk(keys)
    if not known:
        return False
    made = dict(
        StockMovement.objects.filter(lot__in=known, kind=StockMovement.Kind.OUTPUT)
        .order_by("-pk")  # the first counts: what was corrected since is no part of the message
        .values_list("lot", "kg")
    )
    for one in outputs:
        lot = known.get(one.get("id"))
        if (
            lot is None
            or lot.batch_id != batch.pk
            or lot.form_id != one["form"].pk
            or made[lot.pk] != one["kg"]
        ):
            raise other_content()
    return True


class LotSerializer(RecordSerializer[Lot]):
    """Stock of one origin."""

    batch = serializers.CharField(source="batch.code", help_text=_("De qué proceso salió."))
    product = serializers.CharField(source="form.product.code")
    product_form = serializers.CharField(source="form.code")
    variety = serializers.CharField(source="variety.code", default=None, allow_null=True)
    where = serializers.CharField(source="where.code", default=None, allow_null=True)
    left_kg = serializers.DecimalField(
        source="balance.kg", max_digits=14, decimal_places=3, help_text=_("Cuánto queda.")
    )
    left_pieces = serializers.IntegerField(
        source="balance.pieces", allow_null=True, help_text=_("De lo que se cuenta por unidad.")
    )

    class Meta:
        model = Lot
        fields: ClassVar[list[str]] = [
            "id",
            "code",
            "batch",
            "product",
            "product_form",
            "variety",
            "certification_class",
            "where",
            "left_kg",
            "left_pieces",
            "sacks",
            "marks",
            "added_kg",
            "made_at",
            "held_at",
            "note",
        ]
        read_only_fields = fields


class LotFilter(filters.FilterSet):
    """Which lots a list holds."""

    product = filters.CharFilter(field_name="form__product__code", label=_("Producto (código)."))
    product_form = code_of("form", _("De una presentación, por su código."))
    certification_class = filters.ChoiceFilter(
        choices=CertificationClass.choices, label=_("Certificación.")
    )
    in_stock = YesNoFilter(
        field_name="balance__kg",
        method="by_stock",
        label=_("Solo los que tienen saldo, o solo los agotados."),
    )
    changed_since = ChangedSinceFilter()
    ordering = Ordering(
        fields=[("made_at", "made_at"), ("code", "code")],
        label=_("Por qué columna se ordena; con un guion delante, al revés."),
    )

    def by_stock(self, rows: Any, _name: str, value: bool | None) -> Any:
        if value is None:
            return rows
        return rows.filter(balance__kg__gt=0) if value else rows.filter(balance__kg=0)


@extend_schema_view(
    list=extend_schema(summary=_("Los lotes, los últimos primero")),
    retrieve=extend_schema(summary=_("Un lote")),
)
class LotViewSet(ListedViewSet):
    """Lots: for the center, who pays and who checks."""

    queryset = Lot.objects.with_names()
    serializer_class = LotSerializer
    filterset_class = LotFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]{1,16}"


def register(router: BaseRouter) -> None:
    """Add the resource."""
    router.register("batches", BatchViewSet, basename="batch")

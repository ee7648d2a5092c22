"""Preparing the electronic purchase document of a settlement, under the next number of its series,
and telling what became of it at the tax office.

Lock order: the numbers of documents, then the settlement.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harvests import rules
from harvests.models import Payment, PurchaseDocument, PurchaseDocumentOutcome, Settlement
from harvests.purchase_documents.access_key import access_key
from harvests.purchase_documents.document import document_of, purchases_of
from harvests.purchase_documents.structure import faults
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.text import tidy_line
from members.models import BankAccount, Family, Person
from members.services.locks import lock_numbers, locked

if TYPE_CHECKING:
    from datetime import date

    from kallari.accounts.models import User

RUC = re.compile(r"[0-9]{10}001", re.ASCII)
SERIES = re.compile(r"([0-9]{3})-([0-9]{3})", re.ASCII)
NOTHING = Decimal(0)
CASH, SET_OFF, THROUGH_A_BANK = "01", "15", "20"
"""Forms of payment of the tax office (SRI, ficha técnica, table 24): without the financial system,
compensation of debts, and with another means of the financial system."""
YES, NO = "SI", "NO"
"""How the tax office writes whether somebody keeps accounts."""


def seller_of(settlement: Settlement) -> Person | None:
    """Who sold: the partner of then, or else the person who is responsible for the family."""
    if settlement.partner is not None:
        return settlement.partner.person
    people: models.QuerySet[Person] = settlement.family.people.filter(
        kinship=Person.Kinship.HEAD, died_on=None
    )
    return people.order_by("pk").first()


def what_is_missing(settlement: Settlement, day: date) -> Iterator[str]:
    """Yield why no document can be prepared of a settlement, each in words that say what to do."""
    if not settlement.is_to_be_paid:
        yield _("Solo se prepara de una liquidación aprobada.")
    lines = list(settlement.lines.with_reasons())
    if any(line.kind in {"taken_back", "brought_forward", "carried_forward"} for line in lines):
        yield _(
            "Corrige algo que ya se liquidó: la contadora emite la nota de crédito o el documento"
            " que corresponda."
        )
    purchases = purchases_of(lines)
    if not sum(one.usd for one in purchases):
        yield _("No hay ninguna compra en esta liquidación.")
    if any(one.is_premium_alone for one in purchases):
        yield _(
            "Paga un premio por una compra que ya se documentó: sus kilos no se informan dos veces."
            " La contadora emite el documento que corresponda por el premio."
        )
    if any(not one.delivery.form.is_weighed for one in purchases):
        yield _("Tiene productos que no son agrícolas en estado natural: revise su IVA.")
    seller = seller_of(settlement)
    if seller is None:
        yield _("La familia no tiene socia ni socio, ni una persona responsable registrada.")
    elif not seller.cedula:
        yield _("Falta la cédula de %(person)s.") % {"person": seller.name}
    if has_no_ruc(day):
        yield _(
            "Falta el RUC de la asociación: lo registran en las reglas la gerencia o la"
            " administración."
        )
    if not SERIES.fullmatch(rules.ISSUER_SERIES.on(day)):
        yield _("El establecimiento y el punto de emisión se escriben así: 001-001.")
    if rules.KEEPS_ACCOUNTS.on(day) not in {YES, NO}:
        yield _(
            "Si la asociación está obligada a llevar contabilidad se escribe SI o NO, con"
            " mayúsculas y sin tilde: corríjalo en las reglas."
        )


def has_no_ruc(day: date) -> bool:
    """Whether nobody entered the association's number of taxpayer yet. One query."""
    return RUC.fullmatch(rules.ISSUER_RUC.on(day)) is None


@transaction.atomic
def issue_purchase_document(
    *, actor: User, settlement: Settlement, reason: str = ""
) -> PurchaseDocument:
    """Give a settlement the next number of the series and its access key. The file made of it is
    signed and sent by whoever holds the association's electronic signature.

    Raises:
        ValidationError: ``issued`` while another one stands; ``cannot_be_issued`` with what is
            missing.
    """
    today = timezone.localdate()
    with acting(actor, reason=reason):
        lock_numbers("purchase_document")
        settlement = locked(settlement)
        if standing_document(settlement, today) is not None:
            raise ValidationError(
                _(
                    "Ya tiene su liquidación de compra: otra se prepara cuando esa se devuelve o se"
                    " anula."
                ),
                code="issued",
            )
        if missing := list(what_is_missing(settlement, today)):
            raise ValidationError([ValidationError(one, "cannot_be_issued") for one in missing])
        issued = _numbered(settlement, today)
        issued.full_clean()
        issued.save()
        if wrong := list(faults(document_of(issued))):
            raise ValueError(f"the document is not as published: {wrong}")
    return issued


@transaction.atomic
def tell_purchase_outcome(
    *,
    actor: User,
    document: PurchaseDocument,
    outcome: str,
    reason: str,
    authorisation: str = "",
) -> PurchaseDocumentOutcome:
    """Whoever sends the documents tells what became of one. Returned or annulled it stands no more:
    another may be prepared for its settlement, or the settlement reversed.

    Args:
        authorisation: the number under which it was authorised; without it, the access key, which
            is the same (SRI, ficha técnica, esquema offline).

    Raises:
        ValidationError: ``reason_required``; ``outcome_stays``; what the constraints say.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        locked(document.settlement)
        document = PurchaseDocument.objects.get(pk=document.pk)
        told = PurchaseDocumentOutcome(
            document=document,
            outcome=outcome,
            authorisation=authorisation,
            reason=reason,
            told_at=timezone.now(),
            told_by=actor,
        )
        if outcome == PurchaseDocumentOutcome.Outcome.AUTHORISED and not authorisation:
            told.authorisation = document.access_key
        told.clean_fields()
        if outcome not in document.outcomes_left:
            raise refusal_at(
                "outcome",
                _(
                    "De ese documento ya consta qué pasó: lo autorizado se anula, y nada más"
                    " cambia."
                ),
                code="outcome_stays",
            )
        told.full_clean()
        told.save()
    return told


def standing_document(settlement: Settlement, day: date) -> PurchaseDocument | None:
    """The document by which a settlement is reported in the environment of a day, if there is one:
    the environment of tests does not keep it from being reported in earnest."""
    rows = PurchaseDocument.objects.standing().filter(settlement=settlement)
    return rows.filter(environment=rules.ENVIRONMENT.on(day)).first()


def _numbered(settlement: Settlement, day: date) -> PurchaseDocument:
    series = SERIES.fullmatch(rules.ISSUER_SERIES.on(day))
    seller = seller_of(settlement)
    if series is None or seller is None:
        raise ValueError("asked for without what is needed")
    environment = rules.ENVIRONMENT.on(day)
    issued = PurchaseDocument(
        settlement=settlement,
        environment=environment,
        establishment=series[1],
        emission_point=series[2],
        issued_on=day,
        seller_cedula=seller.cedula or "",
        seller_name=seller.name,
        facts={
            "issuer": {
                "ruc": rules.ISSUER_RUC.on(day),
                "name": tidy_line(rules.ISSUER_NAME.on(day)),
                "address": tidy_line(rules.ISSUER_ADDRESS.on(day)),
                "keeps_accounts": rules.KEEPS_ACCOUNTS.on(day),
            },
            "seller_address": settlement.family.community.name,
            "payments": _payments(settlement),
        },
    )
    newest = PurchaseDocument.objects.filter(
        environment=environment, establishment=series[1], emission_point=series[2]
    ).aggregate(newest=models.Max("sequential"))["newest"]
    issued.sequential = newest + 1 if newest else rules.FIRST_SEQUENTIAL.on(day)
    issued.access_key = access_key(
        issued_on=day,
        ruc=issued.facts["issuer"]["ruc"],
        environment=environment,
        series=series[1] + series[2],
        sequential=issued.sequential,
        numeric_code=f"{secrets.randbelow(100_000_000):08d}",
    )
    return issued


def _payments(settlement: Settlement) -> list[tuple[str, str]]:
    """How the purchases of a settlement are paid: what was transferred, what was handed over in
    cash, and what was set off against advances, which is a debt that the family had. What is not
    paid yet is told by how the family is usually paid."""
    lines = list(settlement.lines.with_reasons())
    total = sum((one.usd for one in purchases_of(lines)), NOTHING)
    set_off = -sum((line.amount_usd for line in lines if line.kind == "advance"), NOTHING)
    paid = dict(
        settlement.payments.order_by().values_list("method").annotate(models.Sum("amount_usd"))
    )
    forms = {
        THROUGH_A_BANK: paid.get(Payment.Method.TRANSFER, NOTHING),
        CASH: paid.get(Payment.Method.CASH, NOTHING),
        SET_OFF: set_off,
    }
    forms[_usual_form(settlement.family)] += total - sum(forms.values(), NOTHING)
    return [(form, f"{usd:.2f}") for form, usd in forms.items() if usd]


def _usual_form(family: Family) -> str:
    """How a family is paid: through the bank where one of its people has an account in use, or
    where the last payment was a transfer; in cash otherwise."""
    if BankAccount.objects.in_use().filter(person__family=family).exists():
        return THROUGH_A_BANK
    last = Payment.objects.standing().filter(settlement__family=family).order_by("number").last()
    was_transferred = last is not None and last.method == Payment.Method.TRANSFER
    return THROUGH_A_BANK if was_transferred else CASH

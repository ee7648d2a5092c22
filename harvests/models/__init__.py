"""What is bought, for how much, from whom; what telephones sent of it; and what becomes of it."""

from harvests.models.alerts import DeliveryAlert
from harvests.models.batches import Batch, BatchReading, BatchStage, BatchTotals
from harvests.models.cash import CashBox, CashMovement, CashSession
from harvests.models.catalog import FormFigure, Product, ProductForm, Quality, Season, Variety
from harvests.models.deliveries import Delivery
from harvests.models.grades import Grade, GradeEdition
from harvests.models.inbox import Operation, OperationDecision
from harvests.models.laboratory import LabResult
from harvests.models.lots import Lot
from harvests.models.payments import Payment
from harvests.models.places import CollectionCenter, Device, DeviceState, FolioSeries
from harvests.models.premiums import PremiumRule
from harvests.models.prices import (
    EARLIEST,
    STRONGEST_FIRST,
    CertificationClass,
    MarketPrice,
    PriceLine,
    PriceList,
)
from harvests.models.processes import Place, ProcessKind, ProcessPhase, ProcessRoute
from harvests.models.purchase_documents import PurchaseDocument, PurchaseDocumentOutcome
from harvests.models.quality import QualityPhotograph, QualityTest
from harvests.models.quotas import Advance, Quota
from harvests.models.settlements import Settlement, SettlementLine
from harvests.models.shares import DeliveryShare
from harvests.models.statements import StatementLink
from harvests.models.stock import StockAdjustment, StockBalance, StockMovement

__all__ = [
    "EARLIEST",
    "STRONGEST_FIRST",
    "Advance",
    "Batch",
    "BatchReading",
    "BatchStage",
    "BatchTotals",
    "CashBox",
    "CashMovement",
    "CashSession",
    "CertificationClass",
    "CollectionCenter",
    "Delivery",
    "DeliveryAlert",
    "DeliveryShare",
    "Device",
    "DeviceState",
    "FolioSeries",
    "FormFigure",
    "Grade",
    "GradeEdition",
    "LabResult",
    "Lot",
    "MarketPrice",
    "Operation",
    "OperationDecision",
    "Payment",
    "Place",
    "PremiumRule",
    "PriceLine",
    "PriceList",
    "ProcessKind",
    "ProcessPhase",
    "ProcessRoute",
    "Product",
    "ProductForm",
    "PurchaseDocument",
    "PurchaseDocumentOutcome",
    "Quality",
    "QualityPhotograph",
    "QualityTest",
    "Quota",
    "Season",
    "Settlement",
    "SettlementLine",
    "StatementLink",
    "StockAdjustment",
    "StockBalance",
    "StockMovement",
    "Variety",
]

"""The register: who belongs to the association, and where."""

from members.models.community import Community, CommunityAlias
from members.models.family import CommunityAssignment, Family
from members.models.partner import MEMBERS, Partner, Standing, Suspension, TradeEvidence
from members.models.person import BankAccount, Person

__all__ = [
    "MEMBERS",
    "BankAccount",
    "Community",
    "CommunityAlias",
    "CommunityAssignment",
    "Family",
    "Partner",
    "Person",
    "Standing",
    "Suspension",
    "TradeEvidence",
]

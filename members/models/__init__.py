"""The register: who belongs to the association, and where."""

from members.models.ally import Agreement, Ally, Contribution, ContributionUse
from members.models.card import PartnerCard
from members.models.chakra import (
    Chakra,
    ChakraConflict,
    ChakraCrop,
    ChakraGeometry,
    ChakraPhotograph,
)
from members.models.community import Community, CommunityAlias
from members.models.family import CommunityAssignment, Family
from members.models.gathering import Attendance, Gathering, GatheringFile
from members.models.inputs import InputDistribution, InputKind
from members.models.partner import MEMBERS, Partner, Standing, Suspension, TradeEvidence
from members.models.person import BankAccount, Person
from members.models.volunteer import Stay, Volunteer

__all__ = [
    "MEMBERS",
    "Agreement",
    "Ally",
    "Attendance",
    "BankAccount",
    "Chakra",
    "ChakraConflict",
    "ChakraCrop",
    "ChakraGeometry",
    "ChakraPhotograph",
    "Community",
    "CommunityAlias",
    "CommunityAssignment",
    "Contribution",
    "ContributionUse",
    "Family",
    "Gathering",
    "GatheringFile",
    "InputDistribution",
    "InputKind",
    "Partner",
    "PartnerCard",
    "Person",
    "Standing",
    "Stay",
    "Suspension",
    "TradeEvidence",
    "Volunteer",
]

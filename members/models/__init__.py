"""The register: who belongs to the association, and where."""

from members.models.ally import Agreement, Ally, Contribution, ContributionUse
from members.models.card import PartnerCard
from members.models.certification import (
    Certificate,
    CertificationScheme,
    CertificationStatus,
    ChakraCertification,
    ReinspectionSample,
    SampledPartner,
    YieldEstimate,
)
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
from members.models.inspection import (
    Answer,
    Checklist,
    ChecklistItem,
    CorrectiveAction,
    Finding,
    Inspection,
    Sanction,
    Severity,
)
from members.models.landmark import Landmark
from members.models.partner import MEMBERS, Partner, Standing, Suspension, TradeEvidence
from members.models.person import BankAccount, Person
from members.models.volunteer import Stay, Volunteer

__all__ = [
    "MEMBERS",
    "Agreement",
    "Ally",
    "Answer",
    "Attendance",
    "BankAccount",
    "Certificate",
    "CertificationScheme",
    "CertificationStatus",
    "Chakra",
    "ChakraCertification",
    "ChakraConflict",
    "ChakraCrop",
    "ChakraGeometry",
    "ChakraPhotograph",
    "Checklist",
    "ChecklistItem",
    "Community",
    "CommunityAlias",
    "CommunityAssignment",
    "Contribution",
    "ContributionUse",
    "CorrectiveAction",
    "Family",
    "Finding",
    "Gathering",
    "GatheringFile",
    "InputDistribution",
    "InputKind",
    "Inspection",
    "Landmark",
    "Partner",
    "PartnerCard",
    "Person",
    "ReinspectionSample",
    "SampledPartner",
    "Sanction",
    "Severity",
    "Standing",
    "Stay",
    "Suspension",
    "TradeEvidence",
    "Volunteer",
    "YieldEstimate",
]

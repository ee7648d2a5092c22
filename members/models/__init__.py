"""The register: who belongs to the association, and where."""

from members.models.community import Community, CommunityAlias

__all__ = ["Community", "CommunityAlias"]

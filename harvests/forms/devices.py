"""What people fill in about devices."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from harvests.models import Device
from members.forms.community_life import ServiceForm


class DeviceNameForm(ServiceForm):
    """The name by which the office knows a device."""

    class Meta:
        model = Device
        fields: ClassVar[list[str]] = ["name", "note"]
        widgets: ClassVar[dict[str, Any]] = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

"""The address under which a family reads its own statement: outside, so that it is short."""

from django.urls import path, register_converter

from harvests.statement_codes import LENGTH
from harvests.views import statements as views
from members.cards import ALPHABET


class StatementCode:
    """A code as it stands on paper; /cuenta/ is also where accounts are kept."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        """Take the code as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the code as it is."""
        return value


register_converter(StatementCode, "statement_code")

urlpatterns = [path("<statement_code:code>/", views.own_statement, name="own_statement")]

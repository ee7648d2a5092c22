"""Reading tests, tables of grades and results of laboratories."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import (  # noqa: F401
        GradeEdition,
        LabResult,
        Product,
        QualityPhotograph,
        QualityTest,
    )
    from kallari.accounts.models import User

TEST_CODE = re.compile(r"^Q?-?0*(\d{1,9})$", re.ASCII | re.IGNORECASE)


class _OfAGradeOnlyGaps(models.Func):
    """Whether, of some grade, all that is missing was not measured: `grading.lacks_measure`."""

    template = (
        "EXISTS (SELECT FROM jsonb_array_elements(%(expressions)s) AS reason"
        " GROUP BY reason->>'grade' HAVING bool_and(reason->>'has' IS NULL))"
    )
    output_field = models.BooleanField()


class GradeEditionQuerySet(models.QuerySet["GradeEdition"]):
    """Named filters over tables of grades."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_gradeedition") else self.none()

    def published(self) -> Self:
        """Those by which one may grade."""
        return self.filter(published_at__isnull=False)

    def latest_on(self, product: Product, day: date) -> GradeEdition | None:
        """The table in force for a product on a day."""
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        newest = models.F("valid_from").desc(nulls_last=True)
        return self.published().filter(begun, product=product).order_by(newest).first()


class QualityTestQuerySet(models.QuerySet["QualityTest"]):
    """Named filters over tests."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of lots and batches, which are of several communities, for whoever may see any;
        those of deliveries, for agents, in their communities alone."""
        if not user.has_perm("harvests.view_qualitytest"):
            return self.none()
        return self.filter(
            models.Q(delivery=None)
            | (models.Q(delivery__isnull=False) & within_reach(user, "delivery__community"))
        )

    def standing(self) -> Self:
        """Those in whose place no other stands."""
        return self.filter(replaced_by=None)

    def below_the_table(self) -> Self:
        """Those that reach no grade, whatever else were measured."""
        return self.filter(edition__isnull=False, grade=None).exclude(_OfAGradeOnlyGaps("below"))

    def ungraded(self) -> Self:
        """Those without a table, and those whose beans nobody weighed."""
        return self.filter(
            models.Q(edition=None) | (models.Q(grade=None) & models.Q(_OfAGradeOnlyGaps("below")))
        )

    def with_names(self) -> Self:
        """With what a list shows of each, read in the same query."""
        return self.select_related(
            "lot__form__product",
            "batch__kind",
            "delivery__form__product",
            "delivery__family",
            "variety",
            "edition",
            "grade",
            "tested_by",
            "replaced_by",
        )

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: the number of a test, or a part of the code of
        what was tested."""
        plain = "".join(text.split()).upper()
        if not plain:
            return self
        wanted = (
            models.Q(lot__code__contains=plain)
            | models.Q(batch__code__contains=plain)
            | models.Q(delivery__folio__contains=plain)
        )
        if found := TEST_CODE.match(plain):
            wanted |= models.Q(number=int(found[1]))
        return self.filter(wanted)


class QualityPhotographQuerySet(models.QuerySet["QualityPhotograph"]):
    """Named filters over photographs of tests."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the tests that the account sees."""
        from harvests.models import QualityTest

        if not user.has_perm("harvests.view_qualityphotograph"):
            return self.none()
        return self.filter(test__in=QualityTest.objects.visible_to(user))


class LabResultQuerySet(models.QuerySet["LabResult"]):
    """Named filters over what laboratories found."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: a lot is of several communities."""
        return self if user.has_perm("harvests.view_labresult") else self.none()

    def standing(self) -> Self:
        """Those in whose place no other stands."""
        return self.filter(replaced_by=None)

    def with_names(self) -> Self:
        """With what a list shows of each, read in the same query."""
        return self.select_related("lot__form__product", "noted_by", "replaced_by")

    def find(self, text: str) -> Self:
        """A part of the code of a lot, of the number of a report or of the laboratory's name."""
        plain = " ".join(text.split())
        if not plain:
            return self
        return self.filter(
            models.Q(lot__code__contains=plain.replace(" ", "").upper())
            | models.Q(report_number__icontains=plain)
            | models.Q(laboratory__icontains=plain)
        )

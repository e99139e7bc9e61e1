"""What cases are found by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from liuchi.engines.cases.models.case import Case


class CaseIndexed(models.Model):
    """The words, numbers and sounds a case is found by, and when it came in; nothing that is not in the case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="indexed")
    words = SearchVectorField()

    class Meta:
        ordering = ["-case_id"]
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="case_by_words")]

    def __str__(self) -> str:
        return str(self.case_id)

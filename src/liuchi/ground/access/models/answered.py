"""What requests of other systems were answered: the same request again does nothing and is answered the same."""

from django.db import models

from liuchi.ground.access.models.key import ApiKey
from liuchi.ground.kernel.ids import new_id


class AnsweredRequest(models.Model):
    """The answer to one request, by the name that the client gave it; written in the statement that did what it asked.

    `content` is the digest of what was asked, `answer` what was told: numbers, codes and ids, nobody's words.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="answered")
    token = models.CharField(max_length=100)
    content = models.BinaryField(max_length=32)
    answer = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [models.UniqueConstraint(fields=["key", "token"], name="request_answered_once")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.token}"

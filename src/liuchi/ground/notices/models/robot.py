"""Robots in an organisation's group chat."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation


class RobotKind(models.TextChoices):
    """Where the group is."""

    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")


class Robot(models.Model):
    """A webhook into the group chat of an organisation: it tells how many matters wait, never whose or what.

    `secret_sealed` is the token of the webhook (for DingTalk "token/secret" where messages are signed).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="robots")
    kind = models.CharField(max_length=8, choices=RobotKind.choices)
    name = models.CharField(max_length=40)
    secret_sealed = models.BinaryField()
    topics = ArrayField(models.CharField(max_length=40), default=list)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    digested_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation__code", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(is_active=True), name="robot_named_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=RobotKind.values), name="robot_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

"""Sending what was taken, one message after the other; nothing is written here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from liuchi.ground.kernel.jobs import Stopped, pause_if_stopping
from liuchi.ground.notices.addresses import open_address
from liuchi.ground.notices.composing import group_text, letter, short_text
from liuchi.ground.notices.failures import Failed
from liuchi.ground.notices.models import (
    Carried,
    Delivery,
    DeliveryKind,
    Notice,
    Preferences,
    Way,
)
from liuchi.ground.notices.outcomes import Outcome, Result
from liuchi.ground.notices.outgoing import has_email, has_sms
from liuchi.ground.notices.robots import ROBOT, say_in_group
from liuchi.ground.notices.sms import gateway
from liuchi.ground.notices.wishes import wishes_of
from liuchi.ground.records.protected import PHONE, unseal

#: SMTP answers from here on are final (RFC 5321, 4.2.1).
_FINAL_ANSWER = 500


class _Nothing(Exception):
    """There is nothing left to tell."""


def deliver(taken: Sequence[Delivery]) -> list[Outcome]:
    """Send messages and return how each went; those that a stop leaves over are returned untried."""
    carried = _carried(taken)
    chosen = wishes_of(each.person_id for each in taken)
    outcomes: list[Outcome] = []
    post = get_connection()
    try:
        for delivery in taken:
            wishes = chosen.get(delivery.person_id) if delivery.person_id else None
            outcomes.append(_outcome(delivery, carried.get(delivery.id, []), wishes, post))
    finally:
        with suppress(OSError, SMTPException):
            post.close()
    return outcomes


def _outcome(
    delivery: Delivery, notices: Sequence[Notice], wishes: Preferences | None, post: BaseEmailBackend
) -> Outcome:
    try:
        pause_if_stopping()
        _send(delivery, notices, wishes, post)
    except Stopped:
        return Outcome(delivery.id, Result.UNTRIED)
    except _Nothing:
        return Outcome(delivery.id, Result.NOTHING)
    except Failed as error:
        return Outcome(delivery.id, Result.REFUSED if error.is_final else Result.FAILED, error.code)
    return Outcome(delivery.id, Result.SENT)


def _send(delivery: Delivery, notices: Sequence[Notice], wishes: Preferences | None, post: BaseEmailBackend) -> None:
    if delivery.way == Way.ROBOT:
        _send_to_group(delivery, notices)
        return
    unread = [each for each in notices if not each.is_seen]
    if wishes is None or not (unread or delivery.kind == DeliveryKind.CONFIRM):
        raise _Nothing
    if delivery.way == Way.SMS:
        _send_sms(delivery, unread, wishes)
    else:
        _send_email(delivery, unread, wishes, post)


def _send_email(delivery: Delivery, notices: Sequence[Notice], wishes: Preferences, post: BaseEmailBackend) -> None:
    may = wishes.is_email_confirmed and wishes.by_email
    if not has_email() or not (may or delivery.kind == DeliveryKind.CONFIRM):
        raise _Nothing
    address = open_address(wishes.email_sealed, wishes.person_id)
    if not address:
        raise _Nothing
    words = letter(delivery, notices, wishes.language, address)
    # The same attempt made twice bears the same id, so that a mail system may drop the second.
    headers = {"Message-ID": f"<{delivery.id}@liuchi>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(words.subject, words.body, to=[address], headers=headers, connection=post)
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise Failed(f"smtp-{codes[0]}", is_final=codes[0] >= _FINAL_ANSWER) from None
    except SMTPResponseException as error:
        raise Failed(f"smtp-{error.smtp_code}", is_final=error.smtp_code >= _FINAL_ANSWER) from None
    except (SMTPException, OSError):
        with suppress(OSError, SMTPException):
            post.close()
        raise Failed("unreachable") from None


def _send_sms(delivery: Delivery, notices: Sequence[Notice], wishes: Preferences) -> None:
    person = delivery.person
    phone = unseal(person.phone_sealed, PHONE, person.id) if person else ""
    if not has_sms() or not wishes.by_sms or not phone:
        raise _Nothing
    text = short_text(notices, wishes.language)
    code = notices[0].template if len(notices) == 1 else "notices.several"
    gateway().send(phone, code, {"text": text}, text)


def _send_to_group(delivery: Delivery, notices: Sequence[Notice]) -> None:
    robot = delivery.robot
    if robot is None or not robot.is_active:
        raise _Nothing
    text = group_text(delivery, Counter(each.template for each in notices), robot.organisation.short_name)
    if not text:
        raise _Nothing
    say_in_group(robot.kind, unseal(robot.secret_sealed, ROBOT, robot.id), text)


def _carried(taken: Iterable[Delivery]) -> Mapping[UUID, list[Notice]]:
    found: dict[UUID, list[Notice]] = {}
    rows = Carried.objects.filter(delivery__in=[each.id for each in taken]).select_related("notice")
    for row in rows.order_by("delivery_id", "notice_id"):
        found.setdefault(row.delivery_id, []).append(row.notice)
    return found

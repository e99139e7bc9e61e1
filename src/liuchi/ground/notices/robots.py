"""Webhooks of group robots: what a token looks like, and how a line gets into the group.

Adapters of our own: these services answer 200 also where they refuse (a token taken back, too many messages), and say
so in the body, which the general library for messages does not read.
"""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.outgoing import Limits, NotReached, Request, exchange
from liuchi.ground.notices.failures import Failed
from liuchi.ground.notices.models import RobotKind

#: The field under which tokens are sealed.
ROBOT: Final = "notices.robot"
#: What a service is given to answer.
PATIENCE: Final = Limits(seconds=8, size=65_536)
_FORM = r"[A-Za-z0-9_-]{16,128}"


@dataclass(frozen=True)
class Service:
    """How one service is reached: host and path, the form of its tokens, and where its answer says how it went."""

    host: str
    path: str
    form: re.Pattern[str]
    verdict: str
    scheme: str = "https"

    def address(self, token: str) -> str:
        """Return the whole address for a token."""
        return f"{self.scheme}://{self.host}{self.path.format(token=quote(token, safe=''))}"


#: Hosts are fixed by kind; nobody types an address that this house would then call.
SERVICES: dict[str, Service] = {
    RobotKind.WECOM: Service("qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key={token}", re.compile(_FORM), "errcode"),
    RobotKind.DINGTALK: Service(
        "oapi.dingtalk.com",
        "/robot/send?access_token={token}",
        re.compile(rf"{_FORM}(/SEC[A-Za-z0-9]{{16,128}})?"),
        "errcode",
    ),
    RobotKind.FEISHU: Service("open.feishu.cn", "/open-apis/bot/v2/hook/{token}", re.compile(_FORM), "code"),
}


def secret_in(kind: str, typed: str) -> str:
    """Return the token in a webhook's address as the group shows it; what is no address comes back as it is.

    DingTalk's signing secret may follow the address or token after a space: it becomes "token/SEC…".
    """
    address, *more = typed.split() or [""]
    parts = urlsplit(address)
    if parts.scheme == "https":
        query = parse_qs(parts.query)
        address = (query.get("key") or query.get("access_token") or [parts.path.rstrip("/").rsplit("/", 1)[-1]])[0]
    return "/".join([address, *more]) if kind == RobotKind.DINGTALK else address


def is_secret(kind: str, secret: str) -> bool:
    """Tell whether `secret` has the form of a token of that kind."""
    return SERVICES[kind].form.fullmatch(secret) is not None


def say_in_group(kind: str, secret: str, text: str) -> None:
    """Put a line into a group chat.

    Raises:
        Failed: with a code: the service could not be reached, or refused.
    """
    service = SERVICES[kind]
    payload: Mapping[str, Any] = {"msgtype": "text", "text": {"content": text}}
    if kind == RobotKind.FEISHU:
        payload = {"msg_type": "text", "content": {"text": text}}
    answer = _post(_address(service, secret), payload)
    verdict = answer.get(service.verdict, 0)
    if verdict != 0:
        raise Failed(f"{kind}-{verdict}"[:40])


def _address(service: Service, secret: str) -> str:
    token, _, signing = secret.partition("/")
    address = service.address(token)
    if not signing:
        return address
    moment = str(int(clock.now().timestamp() * 1000))
    signature = base64.b64encode(hmac.digest(signing.encode(), f"{moment}\n{signing}".encode(), "sha256"))
    return f"{address}&{urlencode({'timestamp': moment, 'sign': signature.decode()})}"


def _post(address: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    body = json.dumps(payload, ensure_ascii=False).encode()
    request = Request(address, "POST", body, {"Content-Type": "application/json; charset=utf-8"})
    try:
        answer = exchange(request, limits=PATIENCE)
    except NotReached as error:
        raise Failed(error.code) from None
    if not answer.is_good:
        raise Failed(f"http-{answer.status}")
    try:
        read = json.loads(answer.body)
    except ValueError:
        raise Failed("unreadable") from None
    return read if isinstance(read, dict) else {}

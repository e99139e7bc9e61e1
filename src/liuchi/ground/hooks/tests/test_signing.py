"""Signatures, held against numbers worked out apart from this house."""

import base64
import hashlib
import hmac

from liuchi.ground.hooks.signing import PREFIX, new_secret, signature, signed_headers

SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
BODY = b'{"event_type":"ping","data":{"success":true}}'


def test_signature_when_made_of_known_parts_then_the_known_one() -> None:
    """Worked out with openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64."""
    assert signature(SECRET, "msg_loFOjxBNrRLzqYUf", 1731705121, BODY) == (
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    )


def test_headers_when_two_secrets_are_in_force_then_both_signatures_stand_apart_by_a_space() -> None:
    secrets = [new_secret(), new_secret()]

    headers = signed_headers(secrets, "msg_1", 1731705121, BODY)

    both = headers["webhook-signature"].split(" ")
    for secret, each in zip(secrets, both, strict=True):
        key = base64.b64decode(secret[len(PREFIX) :])
        assert (
            each
            == "v1," + base64.b64encode(hmac.new(key, b"msg_1.1731705121." + BODY, hashlib.sha256).digest()).decode()
        )
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1731705121")


def test_secret_when_made_then_of_the_length_that_the_specification_wants() -> None:
    secret = new_secret()

    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret[len(PREFIX) :])) <= 64
    assert secret != new_secret()

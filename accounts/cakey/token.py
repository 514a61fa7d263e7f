"""The authentication token, Web eID format `web-eid:1.0`, read strictly."""

import base64
import binascii
import json
import re
from dataclasses import dataclass

from cryptography import x509

from .errors import CAKeyError

SHORTEST, LONGEST = 100, 10_000
FORMAT = re.compile(r"web-eid:1(\.\d{1,3})?")
REQUIRED = ("unverifiedCertificate", "algorithm", "signature")
OPTIONAL = ("appVersion", "issuerApp")


@dataclass(frozen=True)
class AuthToken:
    """A token taken apart; nothing in it is verified yet."""

    certificate: x509.Certificate
    algorithm: str
    signature: bytes

    @classmethod
    def parse(cls, text: str) -> "AuthToken":
        """Raises CAKeyError TOKEN_*, ALG_EMPTY, CERT_NOT_BASE64, CERT_UNPARSABLE, SIG_NOT_BASE64."""
        fields = read_object(text)
        check_fields(fields)
        return cls(
            certificate=read_certificate(fields["unverifiedCertificate"]),
            algorithm=fields["algorithm"],
            signature=strict_base64(fields["signature"], "SIG_NOT_BASE64"),
        )


def read_object(text: str) -> dict:
    """The JSON object of a token text, without duplicate keys."""
    if not isinstance(text, str) or len(text) < SHORTEST:
        raise CAKeyError("TOKEN_TOO_SHORT")
    if len(text) > LONGEST:
        raise CAKeyError("TOKEN_TOO_LONG")
    try:
        fields = json.loads(text, object_pairs_hook=unique_keys)
    except (ValueError, RecursionError) as error:
        raise CAKeyError("TOKEN_NOT_JSON", type(error).__name__) from error
    if not isinstance(fields, dict):
        raise CAKeyError("TOKEN_NOT_JSON", "not an object")
    return fields


def unique_keys(pairs: list[tuple]) -> dict:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise CAKeyError("TOKEN_DUPLICATE_KEY")
    return fields


def check_fields(fields: dict) -> None:
    """Format first, then presence, then types; Java coerces numbers to text, we refuse them."""
    token_format = fields.get("format")
    if not isinstance(token_format, str) or not FORMAT.fullmatch(token_format):
        raise CAKeyError("TOKEN_FORMAT_UNSUPPORTED")
    if fields.get("algorithm") == "":
        raise CAKeyError("ALG_EMPTY")
    for name in REQUIRED:
        if fields.get(name) is None or fields[name] == "":
            raise CAKeyError("TOKEN_FIELD_MISSING", name)
    for name in (*REQUIRED, *OPTIONAL):
        if name in fields and not isinstance(fields[name], str):
            raise CAKeyError("TOKEN_FIELD_TYPE", name)


def strict_base64(text: str, code: str) -> bytes:
    """Canonical base64 only: no white space, no url alphabet, no stray bits, so one text per value."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CAKeyError(code) from error
    if not data or base64.b64encode(data).decode() != text:
        raise CAKeyError(code, "not canonical")
    return data


def read_certificate(text: str) -> x509.Certificate:
    der = strict_base64(text, "CERT_NOT_BASE64")
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise CAKeyError("CERT_UNPARSABLE") from error

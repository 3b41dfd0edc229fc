"""Signature V3 (ACS3-HMAC-SHA256), written from its documentation, not from the client that is tested with it."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

ALGORITHM = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(rf"{ALGORITHM} Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{{64}})")


def signature(
    secret: str, method: str, path: str, query: str, headers: Mapping[str, str], signed: list[str], body: bytes
) -> str:
    """The signature of a request. `query`: as it stands in the URL; `headers`: by lower-case names."""
    pairs = sorted((quote(key, safe="-_.~"), quote(value, safe="-_.~")) for key, value in parse_qsl(query, True))
    canonical = "\n".join(
        [
            method,
            path or "/",
            "&".join(f"{key}={value}" for key, value in pairs),
            "".join(f"{name}:{headers[name].strip()}\n" for name in signed),
            ";".join(signed),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def signer(headers: Mapping[str, str]) -> str:
    """The id that a request says it is signed with."""
    parts = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    return parts[1] if parts else ""


def holds(secret: str, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a request is signed with this secret, and signs all that it must."""
    parts = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not parts:
        return False
    signed = parts[2].split(";")
    must = {name for name in headers if name.startswith("x-acs-") or name in ("host", "content-type")}
    whole = must <= set(signed) and signed == sorted(signed)
    hashed = headers.get("x-acs-content-sha256") == hashlib.sha256(body).hexdigest()
    return whole and hashed and hmac.compare_digest(parts[3], signature(secret, method, path, query, headers, signed, body))

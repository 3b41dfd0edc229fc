"""Whom to ask as: a profile of the aliyun CLI, or the environment. Files are only read, and nothing in them is ever run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from alikey_hook.errors import UserError
from alikey_hook.response.cloud.credential import Credential

ENVIRONMENT = "env"
_CONFIG = "~/.aliyun/config.json"
# How the other modes come to a credential (a role, a process, a browser) is the CLI's business.
_MODES = ("AK", "StsToken")
_HOW = "Name a profile of `aliyun configure` (mode AK or StsToken), or `env`."


def named(name: str, environment: Mapping[str, str]) -> Credential:
    """The credential of a profile, or of the environment for `env`. Raises UserError where there is none."""
    return _from_environment(environment) if name == ENVIRONMENT else _from_profile(name)


def _from_environment(environment: Mapping[str, str]) -> Credential:
    key_id = environment.get("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
    secret = environment.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
    if not (key_id and secret):
        raise UserError("ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not both set.", _HOW)
    return _made(key_id, secret, environment.get("ALIBABA_CLOUD_SECURITY_TOKEN", ""), "the environment")


def _from_profile(name: str) -> Credential:
    try:
        with open(os.path.expanduser(_CONFIG), encoding="utf-8") as file:
            profiles = json.load(file).get("profiles")
    except OSError as error:
        raise UserError(f"{_CONFIG} cannot be read: {error.strerror}.", _HOW) from None
    except (ValueError, AttributeError, RecursionError):
        raise UserError(f"{_CONFIG} is not what `aliyun configure` writes.", _HOW) from None
    known = [one for one in profiles if isinstance(one, dict)] if isinstance(profiles, list) else []
    profile = next((one for one in known if one.get("name") == name), None)
    if profile is None:
        raise UserError(f"{_CONFIG} has no profile {name!a}.", _HOW)
    if profile.get("mode") not in _MODES:
        raise UserError(f"profile {name!a} is of another mode.", _HOW)
    key_id, secret, token = (_field(profile, key) for key in ("access_key_id", "access_key_secret", "sts_token"))
    return _made(key_id, secret, token, f"profile {name!a}")


def _field(profile: dict[str, Any], key: str) -> str:
    value = profile.get(key, "")
    return value if isinstance(value, str) else ""


def _made(key_id: str, secret: str, token: str, where: str) -> Credential:
    if not all(value.isascii() and value.isprintable() and " " not in value for value in (key_id, secret, token)):
        raise UserError(f"{where} holds no usable credential.", _HOW)
    if not (key_id and secret):
        raise UserError(f"{where} has no AccessKey ID and secret.", _HOW)
    return Credential(key_id, secret, token or None)

"""What the wheel puts into `detect_secrets/plugins/`: it makes our detectors known to detect-secrets.

It imports nothing that can be missing, since the host loads every module there: a failure here would end each of its runs.
"""

from alikey_hook.detect_secrets_plugin import (
    AlibabaCloudAccessKeyIdDetector,
    AlibabaCloudAccessKeySecretDetector,
    AlibabaCloudApiKeyDetector,
    AlibabaCloudStsTokenDetector,
)

__all__ = [
    "AlibabaCloudAccessKeyIdDetector",
    "AlibabaCloudAccessKeySecretDetector",
    "AlibabaCloudApiKeyDetector",
    "AlibabaCloudStsTokenDetector",
]

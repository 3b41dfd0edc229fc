"""What detect-secrets calls our findings. These names are stored in baselines and never change."""

from __future__ import annotations

ACCESS_KEY_ID = "Alibaba Cloud AccessKey ID"
ACCESS_KEY_SECRET = "Alibaba Cloud AccessKey Secret"
STS_TOKEN = "Alibaba Cloud STS Token"
API_KEY = "Alibaba Cloud API Key"

OF_RULES = {
    "alibaba-access-key-id": ACCESS_KEY_ID,
    "alibaba-oss-signed-url": ACCESS_KEY_ID,
    "alibaba-access-key-secret": ACCESS_KEY_SECRET,
    "alibaba-sts-access-key-id": STS_TOKEN,
    "alibaba-sts-access-key-secret": STS_TOKEN,
    "alibaba-sts-security-token": STS_TOKEN,
    "alibaba-console-temporary-key": STS_TOKEN,
    "alibaba-model-studio-api-key": API_KEY,
}

# The classes of our plugin that find them.
PLUGINS = (
    "AlibabaCloudAccessKeyIdDetector",
    "AlibabaCloudAccessKeySecretDetector",
    "AlibabaCloudApiKeyDetector",
    "AlibabaCloudStsTokenDetector",
)

"""What Alibaba Cloud says of a key, and what it is told: by its official client, and only when a command names the call."""

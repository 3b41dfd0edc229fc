"""Keep Alibaba Cloud AccessKeys out of git."""

__version__ = "0.1.0"

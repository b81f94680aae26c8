"""Where a demonstration keeps the certificate it makes for itself."""

DEMO_FILE = "demo-seal.p12"
DEMO_PASSPHRASE = "demonstration"  # noqa: S105 - protects nothing: the demonstration seal binds nobody

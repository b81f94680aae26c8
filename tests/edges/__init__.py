"""Where the portal meets machines, proxies, failing disks and hostile hands."""

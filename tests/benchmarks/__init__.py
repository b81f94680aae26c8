"""What the portal costs: measures against a bare answer in the same run, only by `make bench`."""

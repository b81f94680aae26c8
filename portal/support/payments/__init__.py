"""Money that is paid in parts: the plan, the costs that settle it, the account, the bank and its answers."""

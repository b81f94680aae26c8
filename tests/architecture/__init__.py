"""What the house is: checked, not promised."""

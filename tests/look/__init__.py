"""The look: macros, tokens and charts, tried without the rest of the portal."""

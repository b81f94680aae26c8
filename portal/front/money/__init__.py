"""All support of the city as everybody sees it: what was promised and given, down to a single decision."""

"""Legal help: its verbs on both databases, its pure rules, its pages."""

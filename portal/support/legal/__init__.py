"""Legal help delivered: appointments, matters, hours in minutes, and guides to the typical questions."""

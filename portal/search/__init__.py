"""The index of normalised words per subject, filled by each feature and read by the front."""

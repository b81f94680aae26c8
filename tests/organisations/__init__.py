"""Tests of groups, in sentences."""

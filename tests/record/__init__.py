"""The record of acts."""

"""Backups: the database, the papers, the keys by policy, and a manifest that vouches for every byte."""

from portal.operations.backups.making import Plan, make
from portal.operations.backups.manifest import Backup, BackupFailed, find, whole_in

__all__ = ["Backup", "BackupFailed", "Plan", "find", "make", "whole_in"]

"""The append-only record: every act, in the transaction of its verb, with the bytes that are hashed."""

from portal.record.actions import record
from portal.record.did import Did
from portal.record.models import Act, Checkpoint, Leaf, TreeNode

__all__ = ["Act", "Checkpoint", "Did", "Leaf", "TreeNode", "record"]

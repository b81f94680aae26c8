"""What people type into the pages of a proposal: shape, coercion and the sentences beside the fields."""

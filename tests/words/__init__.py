"""The portal's words: gathered whole, and put into plain Italian."""

"""Commons: the places, software and data that people look after."""

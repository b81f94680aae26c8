"""The Commons Portal: a city and its people look after shared things by pact."""

"""The ground floors: configuration, money, words, the clock, secrets, the database."""

"""The rows that a transaction reads and writes, by what they are about."""

"""Django's PostgreSQL with two savings: see ``base``."""

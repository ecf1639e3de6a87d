"""The catalogue: events, solutions, alerts and operators' acts in SQLite or PostgreSQL."""

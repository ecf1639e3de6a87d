"""Alembic's migrations of the catalogue, which are run when it is opened."""

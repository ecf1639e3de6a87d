"""Attacks on a running forewave: hostile sources, clients and files, and what each may cost."""

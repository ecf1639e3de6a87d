"""What would not work, why, and what to do: of an event directory, or of a `forewave.toml`."""

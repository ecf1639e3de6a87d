"""Problems of an event directory or a forewave.toml: what is wrong, and what to do."""

"""Ground-motion models, one paper a file; MODELS is the table of them."""

"""What people type: the commands, their options and the types of these."""

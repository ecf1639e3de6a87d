"""What people may do to a live machine: log in, propose and confirm, all in an audit log."""

"""One issuer per region: outlooks in, decisions to warn people out."""

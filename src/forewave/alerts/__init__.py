"""One issuer per region: shaking forecasts in, alerts out."""

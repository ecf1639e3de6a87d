"""Where `forewave listen` puts alerts: lines, commands, a broker. None of them delays receiving."""

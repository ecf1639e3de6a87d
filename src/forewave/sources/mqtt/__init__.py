"""The MQTT source: packets from brokers, and the clocks of the low-cost sensors behind them."""

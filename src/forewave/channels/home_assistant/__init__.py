"""An MQTT broker, with the discovery messages of Home Assistant."""

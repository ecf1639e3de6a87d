"""forewave on several machines, over NATS: roles ingest, decide, gateway and record"""

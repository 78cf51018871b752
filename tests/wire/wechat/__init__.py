"""What is wechaty's, as far as it goes without a gateway (`tests/gateway` has one)."""

"""What an attacker does, bounded and on loopback only."""

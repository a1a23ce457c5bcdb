"""What an attacker does, to the service as it is run. Bounded in time and number, on loopback only.

`make attack` runs all of it and prints a table; `make test` a short form. An attack is a test that takes a `Target`,
measures itself by `target.attack(name)`, and asserts by what was measured and by what the service says afterwards.
"""

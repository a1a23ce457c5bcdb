"""The floor: one deterministic state machine, without I/O, clock or randomness.

`control.step(floor, event, now)` takes what happened and returns what the PBX must do (commands) and what is
recorded and shown (facts). Everything else in Keskus carries events in and outcomes out.
"""

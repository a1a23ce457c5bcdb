"""A call centre in virtual time around the real floor.

`World` keeps the time and drives `floor.control.step`; `SimulatedPbx` carries out its commands; `Callers` and
`Staff` are the people; `Figures` counts. A day takes seconds, and the same seed gives the same day.
"""

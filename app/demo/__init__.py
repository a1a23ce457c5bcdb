"""The demo: a call centre on one machine, with robots for operators and callers that come by themselves."""

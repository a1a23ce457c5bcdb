"""The directory: colleagues, queues and departments that work can be given to, or a call passed on to."""

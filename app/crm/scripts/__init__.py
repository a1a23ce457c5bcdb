"""Scripts for the calls of queues and campaigns: written, tried, published, and answered in calls."""

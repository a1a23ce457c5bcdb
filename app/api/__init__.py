"""The HTTP interface: routers, schemas, problems. It posts events to the runner and reads records."""

"""The desktop: the web application of `web/`, built, served at `/desk`."""

"""Watches over phones in talks and over parking places, which Asterisk does not watch itself."""

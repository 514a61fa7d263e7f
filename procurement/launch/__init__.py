"""Starts, watches and stops everything a demo or a test run needs, under var/ and on private sockets."""

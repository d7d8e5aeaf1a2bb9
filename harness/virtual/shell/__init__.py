"""The device's `sh`: a parser, an interpreter, and tables of commands with their origin."""

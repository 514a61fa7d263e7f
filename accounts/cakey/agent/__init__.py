"""The CA helper on the clerk's machine: a loopback program that asks the certificate key for signatures.

It imports neither Django nor any other part of this project, so this folder can be shipped alone.
"""

VERSION = "1.0.0"
PORTS = range(24815, 24820)

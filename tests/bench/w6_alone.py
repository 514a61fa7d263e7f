"""`python -m tests.bench.w6_alone ours|plain ROWS`: one paper of a process that has drawn none yet."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from .w6 import once

    once(sys.argv[1], int(sys.argv[2]))

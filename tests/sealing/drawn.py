"""`python -m tests.sealing.drawn KIND`: SHA-256 of the paper of a made-up book, drawn by this process."""

import hashlib
import sys

import django

if __name__ == "__main__":
    django.setup()
    from procurement.sealing import rendering
    from tests.tasks import paper_samples

    for kind in sys.argv[1:]:
        pdf = rendering.render(paper_samples.paper(paper_samples.snapshot(kind)))
        print(hashlib.sha256(pdf).hexdigest())

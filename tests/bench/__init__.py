"""Benches: programs, not tests. `./run bench [W1 W2 W5 PLAN]`; method and figures in docs/bench.md."""

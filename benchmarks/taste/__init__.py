"""Measures how fast strategies learn hidden tastes from votes: spaces, tastes, voters, rivals, a table, charts."""

import os

# Small matrices: threads of the linear algebra would only wait for each other. Read when numpy is first imported.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

"""The strategy `guided`: the genetic operators propose, a Bayesian model of the taste chooses.

`features` turns chromosomes into numbers, `record` votes into observations; `hyper` and `posterior` learn the taste
from them; `proposals`, `album` and `painting` make pictures of what was learned; `insight` tells it; `population`
learns from many sessions what the next one may start with.
"""

"""The site beside its limits, in one run: what nginx, the bare server and bare Django do on the same machine.

    python -m benchmarks.limits [--rounds 5] [--seconds 2] [--part files]

`contenders` starts them all, `load` asks each in turn, so that what else the machine does falls on all alike, and
`rows` puts the medians beside the thresholds. Absolute numbers are context; the ratios are the result.
"""

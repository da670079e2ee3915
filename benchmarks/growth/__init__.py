"""What each page costs as the site grows, asked of sites that `benchmarks.seed` has made.

    python -m benchmarks.growth NAME=DATABASE_URL …

takes the sites in the order of their sizes. Each has a process of its own (`measure`, led by `compare`), and the rounds
go by turns from one to the next, so that what else the machine does falls on all alike.
"""

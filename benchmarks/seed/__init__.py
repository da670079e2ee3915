"""A site of any size, filled as fast as the database takes it.

    DATABASE_URL=… python -m benchmarks.seed [--posts 1000000] [--comments 10000000]

fills an empty database with what a site of that age would have: `subjects` makes what posts are filed under, `texts` a
few thousand bodies that are rendered once and shared, `posts` and `comments` the rows, and `bulk` writes them with
indexes and triggers out of the way. Everything is drawn from one seed: the same call makes the same site, for another
day. On PostgreSQL the role has to be a superuser, as only one may put the triggers out of the way.
"""

"""What it costs to write: a post, a comment, a moderator's decisions, and to move in with 10,000 posts.

    python -m benchmarks.writes [--posts 10000]

on the engine of DATABASE_URL, in databases of its own. `changes` are made by requests, as an editor or a reader makes
them, on a site of 1,000 posts and on one of 10,000; `moving` imports a folder of Markdown into an empty one. Each runs
in a process of its own and tells what it found as JSON.
"""

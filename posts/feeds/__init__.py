"""Feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of the same content.

`subjects` tells what a feed is of, `items` and `views` turn that into a `documents.Feed`, `rss`, `atom` and `json_feed`
write it (pure functions), and `posts.serving` answers those who ask whether it is new.

`websub` tells the `hub` when it is. `subscribers` counts who asks, by their `programs`; `audiences` is what editors see
of that.
"""

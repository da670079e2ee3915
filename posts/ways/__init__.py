"""The ways from page to page, each starting from what is listed.

Down and up: `menus`, `archive`, `tagging`, `breadcrumbs`. Onwards from a post: `sequences` and `related`. And from an
address that holds nothing: `guessing`.
"""

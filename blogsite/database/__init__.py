"""Django's database backends, for sites whose pages a web server gives out as files (PAGE_FILES).

They take away what a transaction makes untrue before they commit it, so that whoever is told of the change, and asks at
once, is not given the page of before.
"""

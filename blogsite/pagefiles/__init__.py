"""Pages as files, which a web server in front serves itself, as strictly as this service does.

Who commits a change on this host takes away what shows it, before the commit (`withdrawing`, called by the backends of
`blogsite.database`). Who publishes (`publisher`) holds writers off for that moment, and looks at the database then. So
a file is there only while it is true, whichever process dies at whichever moment.

`folder` is the one place that knows how all this lies on the disk, `names` what may be a file at all, `edition` what
tells the pages of one release or its settings from those of another.
"""

"""Files that writers send: pictures and recordings, from the door to the disk.

`images` and `recordings` take them in (`sound` tells what a recording is), `storing` keeps each of them once,
`renditions` makes smaller copies of pictures, and `upload_tokens` names a file in a form that comes back with errors.
"""

"""Mail about comments, from the event to the mail server.

`notifications` writes down what somebody is to be told, and `postman` delivers it later: what is still `wanted`, put
into `letters`. `subscriptions` say who wants mail, and `mandates` let moderators decide by a link in one.
"""

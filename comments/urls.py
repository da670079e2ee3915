from django.urls import include, path, re_path

from posts.feeds.addresses import addresses_of

from . import feeds
from .avatars import DIGITS
from .views import accounts, by_mail, own, privacy, reading, reporting, subscribing, writing

# With a token as `Subscription` makes it.
SUBSCRIPTION = "subscriptions/(?P<token>[A-Za-z0-9_-]{32})"

below_a_post = [
    path("", reading.DiscussionView.as_view(), name="discussion"),
    *addresses_of("", "post_feed", feeds.PostCommentFeed),
    path("subscribe/", subscribing.SubscribeView.as_view(), name="subscribe"),
    path("write/", writing.WriteView.as_view(), name="write"),
    path("<id:pk>/", reading.CommentView.as_view(), name="comment"),
    path("<id:pk>/thread/", reading.ConversationView.as_view(), name="thread"),
    path("<id:pk>/reply/", writing.ReplyView.as_view(), name="reply"),
    path("<id:pk>/received/", writing.ReceivedView.as_view(), name="received"),
    path("<id:pk>/edit/", own.EditView.as_view(), name="edit"),
    path("<id:pk>/delete/", own.DeleteView.as_view(), name="delete"),
    path("<id:pk>/report/", reporting.ReportView.as_view(), name="report"),
]

of_the_site = [
    *addresses_of("", "feed", feeds.CommentFeed),
    path("moderate/<str:signed>/", by_mail.ByMailView.as_view(), name="by_mail"),
    path("my-data/", privacy.MyDataView.as_view(), name="my_data"),
    path("my-data/<str:token>/", privacy.OwnDataView.as_view(), name="own_data"),
    path("my-data/<str:token>/download/", privacy.DownloadView.as_view(), name="own_data_download"),
    path("my-data/<str:token>/erase/", privacy.EraseView.as_view(), name="own_data_erase"),
    path("sign-in/", accounts.SignInView.as_view(), name="sign_in"),
    path("sign-out/", accounts.SignOutView.as_view(), name="sign_out"),
    re_path(f"^{SUBSCRIPTION}/confirm/$", subscribing.ConfirmView.as_view(), name="confirm"),
    re_path(f"^{SUBSCRIPTION}/unsubscribe/$", subscribing.UnsubscribeView.as_view(), name="unsubscribe"),
]

app_name = "comments"
urlpatterns = [
    path("posts/<uslug:slug>/comments/", include(below_a_post)),
    path("comments/", include(of_the_site)),
    re_path(rf"^avatars/(?P<digits>[0-9a-f]{{{DIGITS}}})\.svg$", reading.avatar, name="avatar"),
]

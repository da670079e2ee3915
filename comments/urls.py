from django.urls import path, re_path

from . import feeds
from .avatars import DIGITS
from .views import accounts, by_mail, own, privacy, reading, reporting, subscribing, writing

# With a token as `Subscription` makes it.
SUBSCRIPTION = "comments/subscriptions/(?P<token>[A-Za-z0-9_-]{32})"

app_name = "comments"
urlpatterns = [
    path("comments/feed/", feeds.CommentFeed.as_view(), name="feed"),
    path("comments/my-data/", privacy.MyDataView.as_view(), name="my_data"),
    path("comments/my-data/<str:token>/", privacy.OwnDataView.as_view(), name="own_data"),
    path("comments/my-data/<str:token>/download/", privacy.DownloadView.as_view(), name="own_data_download"),
    path("comments/my-data/<str:token>/erase/", privacy.EraseView.as_view(), name="own_data_erase"),
    path("posts/<uslug:slug>/comments/feed/", feeds.PostCommentFeed.as_view(), name="post_feed"),
    path("posts/<uslug:slug>/comments/", reading.DiscussionView.as_view(), name="discussion"),
    path("posts/<uslug:slug>/comments/<int:pk>/", reading.CommentView.as_view(), name="comment"),
    path("posts/<uslug:slug>/comments/<int:pk>/thread/", reading.ConversationView.as_view(), name="thread"),
    re_path(rf"^avatars/(?P<digits>[0-9a-f]{{{DIGITS}}})\.svg$", reading.avatar, name="avatar"),
    path("posts/<uslug:slug>/comments/write/", writing.WriteView.as_view(), name="write"),
    path("posts/<uslug:slug>/comments/<int:pk>/reply/", writing.ReplyView.as_view(), name="reply"),
    path("posts/<uslug:slug>/comments/<int:pk>/received/", writing.ReceivedView.as_view(), name="received"),
    path("posts/<uslug:slug>/comments/<int:pk>/edit/", own.EditView.as_view(), name="edit"),
    path("posts/<uslug:slug>/comments/<int:pk>/delete/", own.DeleteView.as_view(), name="delete"),
    path("posts/<uslug:slug>/comments/<int:pk>/report/", reporting.ReportView.as_view(), name="report"),
    path("posts/<uslug:slug>/comments/subscribe/", subscribing.SubscribeView.as_view(), name="subscribe"),
    re_path(f"^{SUBSCRIPTION}/confirm/$", subscribing.ConfirmView.as_view(), name="confirm"),
    re_path(f"^{SUBSCRIPTION}/unsubscribe/$", subscribing.UnsubscribeView.as_view(), name="unsubscribe"),
    path("comments/moderate/<str:signed>/", by_mail.ByMailView.as_view(), name="by_mail"),
    path("comments/sign-in/", accounts.SignInView.as_view(), name="sign_in"),
    path("comments/sign-out/", accounts.SignOutView.as_view(), name="sign_out"),
]

from django.urls import path

from .views import writing

app_name = "comments"
urlpatterns = [
    path("posts/<uslug:slug>/comments/", writing.WriteView.as_view(), name="post"),
    path("posts/<uslug:slug>/comments/received/", writing.ReceivedView.as_view(), name="received"),
    path("posts/<uslug:slug>/comments/<int:pk>/reply/", writing.ReplyView.as_view(), name="reply"),
]

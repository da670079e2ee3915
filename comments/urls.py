from django.urls import path

from . import views

app_name = "comments"
urlpatterns = [
    path("posts/<uslug:slug>/comments/", views.WriteView.as_view(), name="post"),
    path("posts/<uslug:slug>/comments/received/", views.ReceivedView.as_view(), name="received"),
    path("posts/<uslug:slug>/comments/<int:pk>/reply/", views.ReplyView.as_view(), name="reply"),
]

"""URLs of the section for messages."""

from django.urls import path

from liuchi.doors.office.messages import views

urlpatterns = [
    path("", views.robots, name="messages"),
    path("robots/<uuid:robot_id>/test/", views.test_robot, name="messages-test"),
    path("robots/<uuid:robot_id>/remove/", views.drop_robot, name="messages-remove"),
    path("templates/", views.show_templates, name="messages-templates"),
    path("given-up/", views.dead_letters, name="messages-dead"),
    path("given-up/<uuid:delivery_id>/<slug:what>/", views.settle, name="messages-settle"),
    path("sent/", views.sent, name="messages-sent"),
]

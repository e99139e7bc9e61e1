"""URLs of Open311; some clients join the endpoint and a path with a slash too many."""

from django.urls import include, path, register_converter

from liuchi.doors.open311 import views


class Form:
    """The form of an answer, as the extension of an address."""

    regex = "xml|json"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(Form, "form_of_answer")

v2 = [
    path("services.<form_of_answer:form>", views.list_services, name="open311-services"),
    path("services/<str:code>.<form_of_answer:form>", views.define_service, name="open311-service"),
    path("tokens/<str:token>.<form_of_answer:form>", views.resolve_token, name="open311-token"),
    path("requests.<form_of_answer:form>", views.list_requests, name="open311-requests"),
    path("requests/<str:number>.<form_of_answer:form>", views.read_request, name="open311-request"),
    path("servicerequestupdates.<form_of_answer:form>", views.list_updates, name="open311-updates"),
]
urlpatterns = [
    path("discovery.<form_of_answer:form>", views.discovery, name="open311-discovery"),
    path("v2//", include(v2)),
    path("v2/", include(v2)),
]

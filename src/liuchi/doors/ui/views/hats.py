"""Choosing the hat to act under."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liuchi.doors.ui.hats import hat_words
from liuchi.doors.ui.middleware import HAT, viewer_in
from liuchi.doors.ui.nav import landing_page
from liuchi.doors.ui.returning import address_after
from liuchi.doors.ui.rules import signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def choose_hat(request: HttpRequest) -> HttpResponse:
    """Show the hats of whoever signed in; put one on. The choice lasts as long as the session."""
    viewer = viewer_in(request)
    if request.method == "GET":
        return render(request, "ui/hats.html", {"next": address_after(request)})
    chosen = next((hat for hat in viewer.hats if hat.key == request.POST.get("hat")), None)
    if chosen is None:
        messages.error(request, _("This is not among what you may act as any more. Please choose again."))
        return redirect("hat")
    request.session[HAT] = chosen.key
    del request.viewer  # type: ignore[attr-defined]  # read anew, with the other hat on
    messages.success(request, _("You now act as: %(hat)s") % {"hat": hat_words(chosen)})
    return redirect(address_after(request) or reverse(landing_page(viewer_in(request))))

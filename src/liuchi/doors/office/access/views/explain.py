"""Why somebody may or may not do something."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liuchi.doors.office.access.forms import ExplainForm
from liuchi.doors.office.access.pages import LOOK, pages_for
from liuchi.doors.ui.explaining import tell
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.queries import find_account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.kernel.errors import RuleBroken


@needs(*LOOK)
@require_GET
def explain_page(request: HttpRequest) -> HttpResponse:
    """Say whether an account may do or open something, under each of its hats, and why."""
    form = ExplainForm(request.GET if request.GET else None)
    answers = []
    if form.is_bound and form.is_valid():
        account = find_account(form.cleaned_data["who"])
        if account is None:
            form.add_error("who", _("There is no open account of this name."))
        else:
            try:
                hats = viewer_of(account).hats
                seen = [viewer_of(account, hat.key) for hat in hats] or [viewer_of(account)]
                answers = [(each.hat, tell(each, form.cleaned_data["what"], viewer_in(request))) for each in seen]
            except RuleBroken as error:
                form.refuse(error)
    facts = {"pages": pages_for(viewer_in(request)), "form": form, "answers": answers}
    return render(request, "office/access/explain.html", facts, status=422 if form.errors else 200)

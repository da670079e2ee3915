"""A reader reports a comment. What comes of that is shown to nobody but the moderators."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from posts.visitors import client_address

from ..limits import TooMany
from ..origins import is_cross_site
from ..reporting import report
from .discussed import DiscussedView
from .refusals import FOREIGN, LIKE_A_MISSING_ONE, later, with_retry


class ReportView(DiscussedView):
    """Asked for by GET, counted by POST. The answer is the same for the first report and for all others."""

    template_name = "comments/report.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        comment = self.public_comment()
        if not comment:
            raise Http404(LIKE_A_MISSING_ONE)
        self.comment = comment

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(comment=self.comment)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_cross_site(request):
            return self.answer(403, comment=self.comment, objection=FOREIGN)
        try:
            report(self.comment, client_address(request), self.request.site_settings)
        except TooMany as refusal:
            return with_retry(self.answer(429, comment=self.comment, objection=later(refusal)), refusal)
        return self.answer(comment=self.comment, done=True)

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from comments import spam_filter
from comments.models import Word


class Command(BaseCommand):
    help = (
        "Count the words of the spam filter again from the decisions of moderators. It may run at any time and as "
        "often as you like. What was deleted for good is forgotten by it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from-statuses",
            action="store_true",
            help="First take every comment that no moderator has decided on for what its status says. For a site "
            "whose comments were imported; otherwise the filter would learn from its own verdicts.",
        )

    def handle(self, *, from_statuses: bool, **options: Any) -> None:
        if from_statuses:
            taken = spam_filter.learn_from_statuses()
            self.stdout.write(f"Took {taken} comments without a decision for what their status says.")
        learnt = spam_filter.rebuild()
        words = Word.objects.exclude(pk="").count()
        self.stdout.write(f"Learnt {words} words from {learnt.ham} approved comments and {learnt.spam} of spam.")
        if not learnt.ham + learnt.spam:
            self.stdout.write("No moderator has decided anything yet. For imported comments, add --from-statuses.")
        elif min(learnt.ham, learnt.spam) < spam_filter.LEAST_OF_EACH:
            self.stdout.write(f"The filter says nothing before it knows {spam_filter.LEAST_OF_EACH} of each.")

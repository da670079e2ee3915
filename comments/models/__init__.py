from .attempt import Attempt
from .ban import Ban
from .comment import Comment
from .notice import Notice
from .report import Report
from .subscription import Subscription
from .word import Word

__all__ = ["Attempt", "Ban", "Comment", "Notice", "Report", "Subscription", "Word"]

"""Lists of posts that the database keeps itself, so that a page of one costs the same however long it is.

`definition` says in SQL what stands where; `rules` which change of which table touches it; `sqlite` and `postgresql`
make triggers of that. `filling` fills and compares them as a whole; `counts` reads how many.
"""

from .filling import differences, forget_expired, rebuild
from .triggers import install, lacking, make_way, triggers_off

__all__ = ["differences", "forget_expired", "install", "lacking", "make_way", "rebuild", "triggers_off"]

"""The invented cases of the demonstration, after the spread of themes of a real city's first years."""

from seeds.demo.cases.begun import BEGUN
from seeds.demo.cases.care import CARE
from seeds.demo.cases.people import PEOPLE
from seeds.demo.cases.programs import PROGRAMS
from seeds.demo.cases.spaces import SPACES
from seeds.demo.cases.young import YOUNG

# Sixty cases that became pacts or were refused, and the proposals on their way.
PACTS = (*CARE, *SPACES, *PEOPLE, *YOUNG, *PROGRAMS)
STORIES = (*PACTS, *BEGUN)

__all__ = ["BEGUN", "PACTS", "STORIES"]

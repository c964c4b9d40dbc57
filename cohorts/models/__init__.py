"""Who is taking it: cohorts, enrolments, and the one table of progress that everything reads."""

from .cohort import Cohort, CohortKind, CohortModule, CohortStatus, Deadline, Invitation
from .enrolment import Enrolment, EnrolmentStatus, JoinedBy
from .progress import Progress, ProgressState

__all__ = [
    "Cohort",
    "CohortKind",
    "CohortModule",
    "CohortStatus",
    "Deadline",
    "Enrolment",
    "EnrolmentStatus",
    "Invitation",
    "JoinedBy",
    "Progress",
    "ProgressState",
]

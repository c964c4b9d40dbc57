"""How we know: the bank of questions, quizzes and their rules, attempts, and grades that are only ever added to."""

from .attempt import AnswerEvent, Attempt, AttemptStatus, ClosedBy, Response, Upload
from .bank import MOST_OBJECTIVES, Level, Question, QuestionKind, QuestionVersion, Worksheet
from .grade import GradeEvent, GradeKind
from .quiz import FeedbackRule, Quiz, QuizPurpose

__all__ = [
    "MOST_OBJECTIVES",
    "AnswerEvent",
    "Attempt",
    "AttemptStatus",
    "ClosedBy",
    "FeedbackRule",
    "GradeEvent",
    "GradeKind",
    "Level",
    "Question",
    "QuestionKind",
    "QuestionVersion",
    "Quiz",
    "QuizPurpose",
    "Response",
    "Upload",
    "Worksheet",
]

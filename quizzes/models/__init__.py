"""How we know: the bank of questions, quizzes and their rules, attempts, and grades that are only ever added to."""

from .attempt import AnswerEvent, Attempt, AttemptEvent, AttemptEventKind, AttemptStatus, ClosedBy, Response, Upload
from .bank import MOST_OBJECTIVES, Category, Level, Question, QuestionKind, QuestionVersion, Worksheet
from .desk import Claim, GradingDraft, PassageNote, SavedComment, SecondMark
from .grade import GradeEvent, GradeKind
from .quiz import Accommodation, FeedbackRule, GradeMethod, Quiz, QuizPurpose, QuizWindow, Release
from .working import CorrectedVersion, Correction, CorrectionChoice, CorrectionStatus, ImportBatch, ImportStatus, Statistics

__all__ = [
    "Accommodation",
    "AnswerEvent",
    "Attempt",
    "AttemptEvent",
    "AttemptEventKind",
    "AttemptStatus",
    "Category",
    "Claim",
    "ClosedBy",
    "CorrectedVersion",
    "Correction",
    "CorrectionChoice",
    "CorrectionStatus",
    "FeedbackRule",
    "GradeEvent",
    "GradeKind",
    "GradeMethod",
    "GradingDraft",
    "ImportBatch",
    "ImportStatus",
    "Level",
    "MOST_OBJECTIVES",
    "PassageNote",
    "Question",
    "QuestionKind",
    "QuestionVersion",
    "Quiz",
    "QuizPurpose",
    "QuizWindow",
    "Release",
    "Response",
    "SavedComment",
    "SecondMark",
    "Statistics",
    "Upload",
    "Worksheet",
]

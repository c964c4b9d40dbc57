"""Drafts on their way for tests: a published module, its people, a change, a proposal, an approval, all by the real verbs."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Role, ScopeKind, User
from courses import editing, proposing
from courses.models import Activity, Module, Proposal

from . import accounts
from . import courses as make


@dataclass
class Desk:
    """A module with two published lessons, its author, its reviewer, and an admin."""

    module: Module
    author: User
    reviewer: User
    admin: User

    @property
    def lesson(self) -> Activity:
        return self.module.activities.order_by("position").first()

    def write(self, body: str = "## Isi\n\nAkun resmi milik warga.\n", *, by: User | None = None) -> Activity:
        """The author changes the first lesson."""
        activity = self.lesson
        number = activity.lesson.edit_number
        editing.save_lesson(activity, by=by or self.author, edit_number=number, body=body, values={}, facts={})
        self.module.refresh_from_db()
        return activity

    def propose(self, note: str = "") -> Proposal:
        return proposing.propose(self.module, by=self.author, note=note)

    def approve(self, proposal: Proposal, *, by: User | None = None) -> Proposal:
        return proposing.approve(proposal, by=by or self.reviewer, seen=proposing.digest(self.module))

    def approved(self) -> Proposal:
        """A changed draft that the reviewer approved."""
        self.write()
        return self.approve(self.propose())


def make_desk(module: Module | None = None) -> Desk:
    if module is None:
        module = make.make_published_course(modules=1).modules.get()
    course = module.course_id
    return Desk(
        module,
        accounts.staff(Role.AUTHOR, ScopeKind.COURSE, course, name="Ahmad Fauzi"),
        accounts.staff(Role.REVIEWER, ScopeKind.COURSE, course, name="Dian Puspita"),
        accounts.admin(),
    )

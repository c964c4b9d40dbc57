"""The pages of this room: learn (the learner's own), joining, manage (cohorts and approvals)."""

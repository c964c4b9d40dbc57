"""The site map of cohorts: the learner's own pages, joining, approvals, cohorts."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import joining, learn, manage, moving, papers, preview

app_name = "cohorts"
LESSON = "belajar/<slug:course_slug>/<slug:module_slug>/<slug:lesson_slug>/"
PREVIEW = "kelola/modul/kursus/<int:course_id>/pratinjau/<slug:module_slug>/"
STUDIO = {Who.AUTHOR, Who.REVIEWER, Who.ADMIN}
RUNS = {Who.ORGANISER, Who.ADMIN}
SEES = {Who.ORGANISER, Who.TRAINER, Who.COORDINATOR, Who.ADMIN}
DECIDES = {Who.COORDINATOR, Who.ORGANISER, Who.ADMIN}

urlpatterns: list[URLPattern] = [
    # learning
    page("beranda/", learn.home, name="home", who=Who.SIGNED_IN),
    page("belajar/<slug:course_slug>/<slug:module_slug>/", learn.module, name="module", who=Who.LEARNER),
    page("belajar/<slug:course_slug>/<slug:module_slug>/modul.pdf", papers.booklet, name="booklet", who=Who.LEARNER),
    page(LESSON, learn.lesson, name="lesson", who=Who.LEARNER),
    page(f"{LESSON}selesai/", learn.complete, name="complete_lesson", who=Who.LEARNER),
    page(f"{LESSON}urungkan/", learn.take_back, name="undo_lesson", who=Who.LEARNER),
    page(f"{LESSON}cek/<slug:key>/", learn.check, name="check", who=Who.LEARNER),
    page("program/<int:enrolment_id>/", learn.program, name="program", who=Who.LEARNER),
    # preview, for those who write and review
    page("kelola/modul/kursus/<int:course_id>/pratinjau/", preview.course, name="preview", who=STUDIO),
    page(PREVIEW, preview.module, name="preview_module", who=STUDIO),
    page(f"{PREVIEW}<int:activity_id>/", preview.step, name="preview_step", who=STUDIO),
    # joining
    page("gabung/", joining.joinable, name="joinable", who=Who.SIGNED_IN),
    page("gabung/<int:cohort_id>/", joining.join, name="join", who=Who.SIGNED_IN),
    page("program/<int:enrolment_id>/mundur/", joining.withdraw, name="withdraw", who=Who.LEARNER),
    page("persetujuan/", joining.approvals, name="approvals", who=DECIDES),
    page("persetujuan/<int:enrolment_id>/", joining.decide, name="decide", who=DECIDES),
    # cohorts
    page("angkatan/", manage.cohorts, name="cohorts", who=SEES),
    page("angkatan/baru/", manage.create, name="create", who=RUNS),
    page("angkatan/<int:cohort_id>/", manage.cohort, name="cohort", who=SEES),
    page("angkatan/<int:cohort_id>/ubah/", manage.edit, name="edit", who=RUNS),
    page("angkatan/<int:cohort_id>/keadaan/", manage.open_or_close, name="open_or_close", who=RUNS),
    page("angkatan/<int:cohort_id>/tenggat/", manage.deadlines, name="deadlines", who=RUNS),
    page("angkatan/<int:cohort_id>/undangan/", manage.invitations, name="invitations", who=RUNS),
    page("angkatan/<int:cohort_id>/versi/", moving.versions, name="versions", who=RUNS),
    page("angkatan/<int:cohort_id>/versi/program/", moving.move_programme, name="move_programme", who=RUNS),
    page("angkatan/<int:cohort_id>/versi/<int:module_id>/", moving.move_module, name="move_module", who=RUNS),
    page("angkatan/<int:cohort_id>/ekspor/", manage.export, name="export", who=RUNS, fresh_proof=True),
]

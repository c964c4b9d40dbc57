"""The site map of quizzes."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import assignment, grade, sample, take

app_name = "quizzes"
GRADES = {Who.TRAINER, Who.ADMIN}
READS_SAMPLES = {Who.LEARNER, Who.AUTHOR, Who.REVIEWER, Who.ORGANISER, *GRADES}
urlpatterns: list[URLPattern] = [
    page("kuis/mulai/<int:activity_id>/", take.start, name="start", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/<int:position>/", take.question, name="question", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/tinjau/", take.review, name="review", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/kirim/", take.send, name="send", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/hasil/", take.result, name="result", who=Who.LEARNER),
    page("tugas/<int:activity_id>/", assignment.work, name="assignment", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/kabar/", take.tell, name="tell", who=Who.LEARNER),
    page("tugas/<int:activity_id>/kirim/", assignment.hand_in, name="hand_in", who=Who.LEARNER),
    page("tugas/<int:activity_id>/perbaiki/", assignment.improve, name="improve", who=Who.LEARNER),
    page("tugas/<int:activity_id>/lembar-kerja/", sample.worksheet, name="worksheet", who=Who.LEARNER),
    page("tugas/<int:activity_id>/contoh/", sample.samples, name="samples", who=READS_SAMPLES),
    page("tugas/berkas/<int:upload_id>/", assignment.file, name="file", who={Who.LEARNER, *GRADES}),
    page("tugas/berkas/<int:upload_id>/hapus/", assignment.remove_file, name="remove_file", who=Who.LEARNER),
    page("nilai/", grade.queue, name="grading_queue", who=GRADES),
    page("nilai/terlambat/", grade.late, name="late_answers", who=GRADES),
    page("nilai/<int:attempt_id>/", grade.grade_attempt, name="grade_attempt", who=GRADES),
    page("nilai/<int:attempt_id>/lembar-kerja/", sample.worksheet_to_grade, name="worksheet_to_grade", who=GRADES),
    page("nilai/<int:attempt_id>/contoh/", sample.samples_to_grade, name="samples_to_grade", who=GRADES),
    page("nilai/<int:attempt_id>/hitung/<int:event_id>/", grade.count_late, name="count_late", who=GRADES),
]

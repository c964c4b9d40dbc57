"""The site map of quizzes."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import assignment, bank, bank_question, grade, sample, take

app_name = "quizzes"
STUDIO = {Who.AUTHOR, Who.REVIEWER, Who.ADMIN}
WRITERS = {Who.AUTHOR, Who.ADMIN}
GRADES = {Who.TRAINER, Who.ADMIN}
READS_SAMPLES = {Who.LEARNER, Who.AUTHOR, Who.REVIEWER, Who.ORGANISER, *GRADES}
urlpatterns: list[URLPattern] = [
    page("kuis/mulai/<int:activity_id>/", take.start, name="start", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/<int:position>/", take.question, name="question", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/tinjau/", take.review, name="review", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/kirim/", take.send, name="send", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/kabar/", take.tell, name="tell", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/hasil/", take.result, name="result", who=Who.LEARNER),
    page("tugas/<int:activity_id>/", assignment.work, name="assignment", who=Who.LEARNER),
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
    page("kelola/soal/", bank.bank, name="bank", who=STUDIO),
    page("kelola/soal/kursus/<int:course_id>/", bank.bank_list, name="bank_list", who=STUDIO),
    page("kelola/soal/kursus/<int:course_id>/terpilih/", bank.picked, name="bank_picked", who=WRITERS),
    page("kelola/soal/kursus/<int:course_id>/urungkan/", bank.undo, name="bank_undo", who=WRITERS),
    page("kelola/soal/kursus/<int:course_id>/kategori/", bank.bank_categories, name="bank_categories", who=STUDIO),
    page("kelola/soal/kursus/<int:course_id>/baru/", bank_question.new_question, name="bank_new", who=WRITERS),
    page("kelola/soal/kursus/<int:course_id>/baru/<slug:kind>/", bank_question.write_question, name="bank_write", who=WRITERS),
    page("kelola/soal/kategori/<int:category_id>/", bank.bank_category, name="bank_category", who=WRITERS),
    page("kelola/soal/kategori/<int:category_id>/urutan/", bank.step_category, name="bank_category_step", who=WRITERS),
    page("kelola/soal/kategori/<int:category_id>/hapus/", bank.remove_category, name="bank_category_remove", who=WRITERS),
    page("kelola/soal/<int:question_id>/", bank_question.question, name="bank_question", who=STUDIO),
    page("kelola/soal/<int:question_id>/versi/", bank_question.question_versions, name="bank_versions", who=STUDIO),
    page("kelola/soal/<int:question_id>/gandakan/", bank_question.duplicate_question, name="bank_duplicate", who=WRITERS),
    page("kelola/soal/<int:question_id>/pensiun/", bank_question.retire_question, name="bank_retire", who=WRITERS),
]

"""The site map of quizzes."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import assignment, bank, bank_question, exchange, grade, history, marking, rules, sample, statistics, take, trial, windows

app_name = "quizzes"
STUDIO = {Who.AUTHOR, Who.REVIEWER, Who.ADMIN}
WRITERS = {Who.AUTHOR, Who.ADMIN}
ARRANGES = {Who.ORGANISER, Who.TRAINER, Who.ADMIN}
GRADES = {Who.TRAINER, Who.ADMIN}
ANNOUNCES = {Who.TRAINER, Who.ORGANISER, Who.ADMIN}
READS_SAMPLES = {Who.LEARNER, Who.AUTHOR, Who.REVIEWER, Who.ORGANISER, *GRADES}
MEASURES = {Who.TRAINER, Who.ORGANISER, *STUDIO}
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
    page("nilai/ambil/", grade.take_next, name="take_next", who=GRADES),
    page("nilai/kedua/", marking.seconds, name="second_marks", who=GRADES),
    page("nilai/kedua/<int:attempt_id>/", marking.second_mark, name="second_mark", who=GRADES),
    page("nilai/umumkan/", marking.held, name="held_marks", who=ANNOUNCES),
    page("nilai/umumkan/<int:activity_id>/<int:cohort_id>/", marking.announce, name="announce", who=ANNOUNCES),
    page("nilai/kesepakatan/<int:activity_id>/", marking.agreement, name="agreement", who=ANNOUNCES),
    page("nilai/soal/<int:question_id>/", marking.question, name="grading_question", who=GRADES),
    page("nilai/berkas/<int:upload_id>/", marking.file, name="file_on_page", who=GRADES),
    page("nilai/<int:attempt_id>/", grade.grade_attempt, name="grade_attempt", who=GRADES),
    page("nilai/<int:attempt_id>/ambil/", grade.take, name="take_work", who=GRADES),
    page("nilai/<int:attempt_id>/langkah/", grade.step, name="grading_step", who=GRADES),
    page("nilai/<int:attempt_id>/urungkan/", grade.undo, name="undo_grade", who=GRADES),
    page("nilai/<int:attempt_id>/riwayat/", history.replay, name="history", who=GRADES),
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
    page("kelola/soal/impor/", exchange.import_start, name="import_start", who=WRITERS),
    page("kelola/soal/impor/<int:course_id>/", exchange.import_file, name="import", who=WRITERS),
    page("kelola/soal/impor/templat/<slug:format>/", exchange.template, name="import_template", who=STUDIO),
    page("kelola/soal/impor/berkas/<int:batch_id>/", exchange.import_batch, name="import_batch", who=WRITERS),
    page("kelola/soal/impor/berkas/<int:batch_id>/batal/", exchange.drop_batch, name="import_drop", who=WRITERS),
    page("kelola/soal/impor/berkas/<int:batch_id>/tarik/", exchange.undo_batch, name="import_undo", who=WRITERS),
    page("kelola/soal/impor/berkas/<int:batch_id>/perbaiki/", exchange.mend_batch, name="import_mend", who=WRITERS),
    page("kelola/soal/ekspor/<int:course_id>/", exchange.export, name="export", who=STUDIO),
    page("kelola/soal/<int:question_id>/", bank_question.question, name="bank_question", who=STUDIO),
    page("kelola/soal/<int:question_id>/versi/", bank_question.question_versions, name="bank_versions", who=STUDIO),
    page("kelola/soal/<int:question_id>/gandakan/", bank_question.duplicate_question, name="bank_duplicate", who=WRITERS),
    page("kelola/soal/<int:question_id>/pensiun/", bank_question.retire_question, name="bank_retire", who=WRITERS),
    page("nilai/statistik/", statistics.quizzes, name="statistics", who=MEASURES),
    page("nilai/statistik/kenaikan/<int:course_id>/", statistics.gain, name="statistics_gain", who=MEASURES),
    page("nilai/statistik/<int:activity_id>/", statistics.quiz, name="statistics_quiz", who=MEASURES),
    page("nilai/statistik/<int:activity_id>/hitung/", statistics.compute, name="compute_statistics", who=MEASURES),
    page("nilai/statistik/<int:activity_id>/unduh/", statistics.download, name="download_statistics", who=MEASURES),
    page("nilai/statistik/<int:activity_id>/soal/<int:question_id>/", statistics.question, name="statistics_question", who=MEASURES),
    page("kelola/kuis/<int:activity_id>/aturan/", rules.rules, name="rules", who=STUDIO),
    page("kelola/kuis/<int:activity_id>/coba/", trial.begin, name="trial", who=STUDIO),
    page("kelola/kuis/<int:activity_id>/coba/<int:position>/", trial.question, name="trial_question", who=STUDIO),
    page("kelola/kuis/<int:activity_id>/coba/hasil/", trial.result, name="trial_result", who=STUDIO),
    page("angkatan/<int:cohort_id>/kuis/", windows.cohort_quizzes, name="cohort_quizzes", who=ARRANGES),
    page("angkatan/<int:cohort_id>/kuis/<int:activity_id>/", windows.cohort_quiz, name="cohort_quiz", who=ARRANGES),
    page("angkatan/<int:cohort_id>/kuis/<int:activity_id>/pengecualian/", windows.give_exception, name="give_exception", who=ARRANGES),
    page("angkatan/kuis/pengecualian/<int:accommodation_id>/akhiri/", windows.end_exception, name="end_exception", who=ARRANGES),
]

"""Each act in words: ``{actor} {sentence}``. An act without a sentence of its own is still readable.

``tests/audit/test_sentences.py`` reads the code and fails for an action that is recorded anywhere without a sentence here. In a
sentence ``{object}`` is the thing's name (or number), and every other name one of the entry's details.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

SENTENCES = {
    "accommodation.ended": "mengakhiri pengecualian {quiz} bagi {object}",
    "accommodation.given": "memberi pengecualian {quiz} bagi {object}: {reason}",
    "activity.added": "menambah kegiatan {code}",
    "activity.archived": "mengarsipkan kegiatan {code}",
    "activity.brought_back": "mengembalikan kegiatan {code} dari arsip",
    "activity.copied": "menyalin kegiatan {original} menjadi {code}",
    "activity.moved": "memindahkan kegiatan {code} dari {old} ke {new}",
    "agency.added": "menambah instansi {object}",
    "agency.approved": "menyetujui instansi {object}",
    "agency.declined": "tidak menyetujui instansi {object}",
    "agency.requested": "mengajukan instansi {object}",
    "arrival.agreed": "menyetujui arsip untuk kursus {slug} dimasukkan sebagai draf",
    "arrival.brought": "membawa arsip masuk untuk kursus {slug}",
    "arrival.dropped": "membuang arsip untuk kursus {slug}",
    "attempt.extended": "menambah waktu {object} sampai {new}",
    "attempt.graded": "menilai {object} dengan nilai {score}",
    "attempt.improving": "mulai memperbaiki percobaan {improves}",
    "attempt.judgement_undone": "mengurungkan penilaian {object}",
    "attempt.late_counted": "memperhitungkan jawaban terlambat pada {object}",
    "attempt.regraded": "mengoreksi nilai {object} dari {before} menjadi {score}",
    "attempt.reopened": "mengembalikan {object} ke antrean penilaian",
    "attempt.returned": "mengembalikan {object} untuk diperbaiki",
    "attempt.second_marked": "menilai {object} sebagai penilai kedua",
    "attempt.started": "memulai {object}",
    "attempt.submitted": "mengirim {object}",
    "audit.exported": "mengekspor {rows} baris jejak",
    "category.added": "menambah kategori soal {name}",
    "category.moved": "memindahkan kategori soal {name} ke {under}",
    "category.removed": "menghapus kategori soal {name}",
    "category.renamed": "mengganti nama kategori soal {old} menjadi {name}",
    "certificate.issued": "menerbitkan sertifikat {number}",
    "certificate.replaced": "mengganti sertifikat {object}",
    "certificate.revoked": "mencabut sertifikat {object}",
    "channel.added": "menambah kanal rujukan {object} ({address})",
    "channel.archived": "mengarsipkan kanal rujukan {object}",
    "channel.brought_back": "mengembalikan kanal rujukan {object} dari arsip",
    "channel.changed": "mengubah kanal rujukan {object} ({address})",
    "channel.checked": "memeriksa kanal rujukan {object}: {state}",
    "cohort.changed": "mengubah angkatan {object}",
    "cohort.closed": "menutup angkatan {object}",
    "cohort.created": "membuat angkatan {object}",
    "cohort.deadlines_changed": "mengubah tenggat angkatan {object}",
    "cohort.exported": "mengekspor {rows} peserta angkatan {object}",
    "cohort.invited": "mengundang {count} orang ke angkatan {object}",
    "cohort.module_moved": "memindahkan modul angkatan {object} dari versi {old} ke versi {new}",
    "cohort.programme_moved": "memindahkan susunan angkatan {object} dari versi {old} ke versi {new}",
    "cohort.opened": "membuka angkatan {object}",
    "companion.added": "menambah {what} pada kursus {object}",
    "companion.changed": "mengubah {what} pada kursus {object}",
    "companion.removed": "mengeluarkan {what} dari kursus {object}",
    "course.archived": "mengarsipkan kursus {object}",
    "course.brought_back": "mengembalikan kursus {object} dari arsip",
    "course.copied": "menyalin kursus {original} menjadi {object}",
    "course.created": "membuat kursus {object}",
    "course.loaded": "memuat isi kursus {object} dari berkas",
    "course.published": "menerbitkan kursus {object} versi {number}",
    "practice.begun": "membuat modul latihan {object}",
    "practice.removed": "menghapus modul latihan {object}",
    "data_request.asked": "meminta {kind} atas data pribadinya",
    "data_request.declined": "tidak memenuhi {object}",
    "data_request.done": "memenuhi {object}",
    "domain.approved": "menyetujui domain surel {domain}",
    "domain.removed": "menghapus domain surel {domain}",
    "draft.restored": "memulihkan draf {object} dari riwayat",
    "enrolment.approved": "menyetujui {object}",
    "enrolment.completed": "menyelesaikan {object}",
    "enrolment.declined": "tidak menyetujui {object}",
    "enrolment.joined": "bergabung: {object}",
    "enrolment.requested": "meminta bergabung: {object}",
    "enrolment.withdrawn": "mengakhiri {object}",
    "fact.looked_at": "meninjau fakta {key} kursus {object}, tinjau lagi pada {again_on}",
    "grant.ended": "mengakhiri peran {role} milik pengguna {person}",
    "grant.given": "memberi peran {role} kepada pengguna {person}",
    "lesson.looked_at": "meninjau pelajaran {code}, tinjau lagi pada {again_on}",
    "lesson.mark_removed": "melepas tanda sedang diperiksa dari pelajaran {code}",
    "lesson.marked": "memasang tanda sedang diperiksa pada pelajaran {code}: {note}",
    "media.added": "mengunggah {object} ke pustaka",
    "media.archived": "mengarsipkan {object} dari pustaka",
    "media.brought_back": "mengembalikan {object} ke pustaka",
    "media.cut": "memotong gambar {object}",
    "media.described": "mengubah keterangan {object}",
    "media.replaced": "mengganti berkas {object}",
    "module.added": "menambah modul {code}",
    "module.archived": "mengarsipkan modul {code}",
    "module.brought_back": "mengembalikan modul {code} dari arsip",
    "module.copied": "menyalin modul {original} menjadi {code}",
    "module.draft_restored": "memulihkan naskah modul {object} dari versi {number}",
    "module.published": "menerbitkan modul {object} versi {number}",
    "package.asked": "meminta paket {kind} dari {object}",
    "package.dropped": "membatalkan permintaan paket {kind} dari {object}",
    "person.address_cleared": "mencabut tanda surel ditolak dari akun {object}",
    "person.address_refused": "menandai surel akun {object} sebagai ditolak",
    "person.created": "membuat akun {object}",
    "person.data_downloaded": "mengunduh semua datanya sendiri",
    "person.erased": "menghapus data pribadi akun {object} atas permintaan pemiliknya",
    "person.restored": "memulihkan akun {object}",
    "person.second_factor_removed": "menghapus faktor kedua akun {object}",
    "person.suspended": "menangguhkan akun {object}",
    "preference.changed": "mengubah pengaturan pengingat pengguna {person}",
    "profile.agency_chosen": "memilih instansi",
    "profile.changed": "mengubah profil",
    "progress.undone": "mengurungkan penyelesaian kegiatan {activity}",
    "proposal.approved": "menyetujui draf {object}",
    "proposal.hindered": "belum menerbitkan draf {object} sesuai jadwal: {reason}",
    "proposal.returned": "mengembalikan draf {object} dengan catatan",
    "proposal.scheduled": "menjadwalkan penerbitan {object} pada {at}",
    "proposal.sent": "mengirim draf {object} untuk ditinjau",
    "proposal.unscheduled": "membatalkan jadwal penerbitan {object}",
    "proposal.withdrawn": "menarik draf {object} dari peninjauan",
    "quiz.marks_announced": "mengumumkan nilai {object}",
    "quiz.rules_changed": "mengubah aturan {object}: {words}",
    "quiz.window_set": "mengatur waktu buka dan tutup {quiz} pada angkatan {object}",
    "question.changed": "mengubah soal {code}, versi {number}",
    "question.corrected": "mengoreksi kunci soal {code}: {reason}",
    "question.created": "menulis soal {code}",
    "question.doubted": "melaporkan kunci soal {code} yang mungkin keliru",
    "question.duplicated": "menggandakan soal {original} menjadi {code}",
    "question.moved": "memindahkan soal {code} ke kategori {category}",
    "question.restored": "mengembalikan soal {code} ke bank",
    "question.retired": "mengeluarkan soal {code} dari bank",
    "questions.exported": "mengekspor {count} soal {object} sebagai {format}",
    "questions.import_dropped": "membatalkan impor soal {file}",
    "questions.import_undone": "menarik kembali {count} soal dari impor {file}",
    "questions.imported": "mengimpor {count} soal dari {file}",
    "remark.reopened": "membuka lagi catatan pada {object}",
    "remark.settled": "menandai selesai catatan pada {object}",
}
THINGS = {
    "accounts.user": "pengguna",
    "accounts.agency": "instansi",
    "accounts.datarequest": "permintaan data",
    "accounts.approveddomain": "domain surel",
    "accounts.rolegrant": "peran",
    "audit.entry": "jejak",
    "certificates.certificate": "sertifikat",
    "cohorts.cohort": "angkatan",
    "cohorts.enrolment": "keikutsertaan",
    "courses.activity": "kegiatan",
    "courses.channel": "kanal rujukan",
    "courses.arrival": "arsip",
    "courses.course": "kursus",
    "courses.lesson": "pelajaran",
    "courses.media": "gambar",
    "courses.module": "modul",
    "courses.version": "versi",
    "notifications.preference": "pengaturan pengingat",
    "quizzes.attempt": "percobaan",
    "quizzes.category": "kategori soal",
    "quizzes.question": "soal",
    "quizzes.quiz": "kuis",
}
ROLES = {
    "author": "penulis",
    "reviewer": "peninjau",
    "organiser": "penyelenggara",
    "trainer": "pengajar",
    "coordinator": "koordinator",
    "admin": "admin",
}


def thing_of(object_type: str) -> str:
    """The kind of thing in words: «percobaan»; the bare label for one without words."""
    return THINGS.get(object_type, object_type)


def sentence_of(action: str, *, object_type: str, name: str, details: dict[str, Any]) -> str:
    """What was done, to be read after the actor's name. Never raises: a missing detail is a dash, an unknown act is named."""
    words: defaultdict[str, Any] = defaultdict(lambda: "–", {str(key): value for key, value in details.items()})
    words["object"] = name
    if "role" in words:
        words["role"] = ROLES.get(str(words["role"]), words["role"])
    pattern = SENTENCES.get(action)
    if pattern is None:
        return f"mencatat “{action}” pada {name}"
    return pattern.format_map(words)


def reason_of(details: dict[str, Any]) -> str:
    """The reason or note that was given, if any."""
    return str(details.get("reason") or details.get("note") or "")

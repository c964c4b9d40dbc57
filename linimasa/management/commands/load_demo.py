"""Fill an empty portal with fictional people at every stage of the way, by the same verbs that real people use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import demo, granting
from accounts.models import EmploymentStatus, Role, ScopeKind, User
from certificates import issuing
from cohorts import joining, learning, opening
from cohorts.models import Cohort, CohortKind, Enrolment, Progress
from cohorts.structure import Step
from courses import demo as studio
from courses.models import ActivityKind, Course
from linimasa import clock
from quizzes import attempts, grading
from quizzes.demo import answer_all, save
from quizzes.demo_cohort import FinishedCohort
from quizzes.models import AnswerEvent, Attempt, GradeEvent, Quiz, Response

WORK = {
    "M1-TUGAS": (
        "Kanal yang diaudit: Halaman Facebook dinas.\n\n"
        "Temuan utama: tiga mantan admin masih memegang akses konten, autentikasi dua faktor baru aktif pada dua dari lima pengelola, "
        "dan surel pemulihan masih memakai alamat pribadi.\n\n"
        "Rencana 30 hari: cabut akses lama (pekan 1, admin utama), wajibkan autentikasi dua faktor (pekan 2, ketua satgas), pindahkan "
        "surel pemulihan ke alamat dinas (pekan 3), uji prosedur pemulihan (pekan 4, bukti: berita acara)."
    ),
    "M2-TUGAS": (
        "Tujuan: warga pesisir mengetahui jadwal posyandu dan cara mendaftar antrean.\n\n"
        "Pilar konten: layanan (50%), edukasi gizi (30%), cerita kader (20%). Dua pekan berisi delapan unggahan dengan takarir, teks "
        "alternatif, dan waktu tayang menurut jam aktif pengikut. Ukuran: pesan yang masuk tentang jadwal naik 20%."
    ),
    "M3-TUGAS": (
        "Layanan: antrean dan informasi persyaratan dokumen kependudukan melalui satu nomor resmi.\n\n"
        "Alur: sapaan, pilihan layanan bernomor, penjelasan persyaratan, alih ke petugas pada jam kerja. Target balasan pertama lima "
        "belas menit. Nomor resmi diumumkan di laman dan papan kantor agar warga dapat memeriksa."
    ),
}
PRAISE = "Temuannya jelas dan rencananya dapat dijalankan. Tambahkan bukti selesai untuk setiap tindakan."
ASK = "Arahnya sudah tepat. Lengkapi penanggung jawab dan tenggat setiap tindakan, lalu kirim lagi."
CLASSMATES = (
    ("yaman.zebua", "Yaman Zebua", "", "12.04"),
    ("cut.nyak", "Cut Nyak Rahmah", "S.Sos.", "11.71"),
    ("a.a.alit", "A.A. Ngurah Alit", "S.Sn.", "51.71"),
    ("christien.w", "Christien D. Wuisan", "S.I.Kom.", "71.71"),
    ("wa", "Wa", "", "74.71"),
    ("kusumaningrum", "Kusumaningrum binti Sastro", "A.Md.", "33.72"),
)


class Command(BaseCommand):
    help = "Isi basis data kosong dengan orang dan kegiatan contoh (hanya untuk demo)."

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.filter(slug="lini-masa", current_version__isnull=False).first()
        if course is None:
            raise CommandError("Kurikulum belum dimuat. Jalankan `manage.py load_course content/lini-masa` dulu.")
        if Cohort.objects.exists():
            self.stdout.write("Basis data sudah berisi angkatan; demo tidak dimuat.")
            return
        with transaction.atomic():
            demo.make_demo_people()
            Story(course).tell()
        if options["verbosity"]:
            self.stdout.write("Demo siap.")


class Story:
    """The demo's little world: a self-paced cohort, a scheduled one in its third week, one nearly through, and people at every stage."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.organiser = demo.person("penyelenggara")
        self.trainer, self.second_trainer = demo.person("pengajar"), demo.person("pengajar2")
        self.hashed = make_password(demo.PASSWORD)
        self.quizzes = {quiz.activity_id: quiz for quiz in Quiz.objects.filter(activity__course=course).select_related("activity__module")}

    def tell(self) -> None:
        own_pace = self._cohort("Kelas Mandiri", "LINIMASA-MANDIRI", CohortKind.SELF_PACED, jp=18)
        now = timezone.now()
        third = self._cohort(
            "Angkatan III", "LINIMASA-III", CohortKind.SCHEDULED, jp=18, seats=60,
            starts_at=now - timedelta(days=20), ends_at=now + timedelta(days=40),
        )  # fmt: skip
        for trainer, cohort in ((self.trainer, own_pace), (self.second_trainer, third)):
            granting.grant(
                trainer,
                Role.TRAINER,
                scope_kind=ScopeKind.COHORT,
                scope_id=str(cohort.pk),
                by=self.organiser,
                reason="Mengajar angkatan ini.",
            )
        self._deadlines(third)
        self._finished(own_pace)
        self._on_the_way(own_pace)
        self._in_class(third)
        FinishedCohort(self.course, self.hashed).tell()
        studio.tell(self.course, author=demo.person("penulis"), reviewer=demo.person("peninjau"))

    def _cohort(self, name: str, code: str, kind: str, **fields: Any) -> Cohort:
        cohort = opening.save(Cohort(course=self.course, name=name, code=code, kind=kind, **fields), by=self.organiser)
        return opening.open_cohort(cohort, by=self.organiser)

    def _deadlines(self, cohort: Cohort) -> None:
        """Each module's quiz and assignment fall due one week after the other, at 23.59 WIB."""
        midnight = clock.local(timezone.now(), clock.DEFAULT_ZONE).replace(hour=23, minute=59, second=0, microsecond=0)
        codes = ("M1-KUIS", "M1-TUGAS", "M2-KUIS", "M2-TUGAS", "M3-KUIS", "M3-TUGAS", "TES-AKHIR")
        days = (2, 4, 9, 11, 18, 20, 34)
        found = {step.code: step.activity_id for step in opening.deadline_steps(cohort)}
        moments = {found[code]: (None, midnight + timedelta(days=day)) for code, day in zip(codes, days, strict=True)}
        opening.set_deadlines(cohort, moments, by=self.organiser)

    def _finished(self, cohort: Cohort) -> None:
        """Ni Luh Eka Sari has done everything; her certificate is issued."""
        enrolment = self._join(cohort, demo.person("peserta2"))
        self._advance(enrolment, trainer=self.trainer)
        enrolment.refresh_from_db()
        issuing.issue(enrolment)

    def _on_the_way(self, cohort: Cohort) -> None:
        """Sutrisno's first practical work came back; he is asked to mend it. Fransina has just begun."""
        enrolment = self._join(cohort, demo.person("peserta"))
        self._advance(enrolment, until="M1-TUGAS")
        work = self._hand_in(enrolment, "M1-TUGAS")
        grading.return_for_revision(work, by=self.trainer, levels=self._levels(work, 2), comment=ASK)
        self._backdate(enrolment, 3)
        begun = self._join(cohort, demo.person("peserta3"))
        self._advance(begun, until="M1.3")
        self._backdate(begun, 1)

    def _in_class(self, cohort: Cohort) -> None:
        """A class in its third week: work waits for the trainer, one person waits for the coordinator."""
        addresses = [self._classmate(*one).email for one in CLASSMATES] + [demo.person("peserta4").email]
        opening.invite(cohort, addresses, by=self.organiser)
        stops = ("M1.2", "M1-KUIS", "M1-TUGAS", "M1-TUGAS", "M1-TUGAS", "M2.3", "M1-TUGAS")
        for days, (address, until) in enumerate(zip(addresses, stops, strict=True), 1):
            enrolment = Enrolment.objects.filter(cohort=cohort, learner__email=address).first() or self._join(
                cohort, User.objects.get(email=address)
            )
            self._advance(enrolment, until=until, trainer=self.second_trainer)
            if until == "M1-TUGAS":
                self._hand_in(enrolment, until)
            self._backdate(enrolment, days)
        joining.join(cohort, by=demo.person("peserta5"))

    def _classmate(self, short: str, name: str, suffix: str, region: str) -> User:
        seat = demo.DemoPerson(short, name, "Peserta", region, "Pengelola Media Sosial", suffix=suffix, status=EmploymentStatus.NON_ASN)
        return demo.make_one(seat, self.hashed)

    def _join(self, cohort: Cohort, person: User) -> Enrolment:
        return joining.join(cohort, by=person)

    def _advance(self, enrolment: Enrolment, *, until: str = "", trainer: User | None = None) -> None:
        """Do every core step in order, up to (not with) the one whose code is given."""
        for step in self._steps(enrolment):
            if step.code == until:
                return
            if step.kind == ActivityKind.LESSON:
                learning.complete_lesson(enrolment, step)
            elif step.kind == ActivityKind.QUIZ:
                attempt = attempts.start(enrolment, self.quizzes[step.activity_id])
                answer_all(attempt)
                attempts.submit(attempt, by=enrolment.learner)
            elif step.kind == ActivityKind.ASSIGNMENT:
                work = self._hand_in(enrolment, step.code)
                grading.accept(work, by=trainer or self.trainer, levels=self._levels(work, 0, 1), comment=PRAISE)

    def _steps(self, enrolment: Enrolment) -> Iterable[Step]:
        plan = learning.place_of(enrolment).plan
        return [step for unit in plan.units if not unit.optional for step in unit.steps]

    def _hand_in(self, enrolment: Enrolment, code: str) -> Attempt:
        quiz = next(quiz for quiz in self.quizzes.values() if quiz.activity.code == code)
        attempt = attempts.start(enrolment, quiz)
        save(attempt.responses.get(), {"text": [WORK[code]]})
        attempts.submit(attempt, by=enrolment.learner)
        return Attempt.objects.select_related("enrolment__learner", "quiz__activity").get(pk=attempt.pk)

    def _levels(self, work: Attempt, *levels: int) -> list[int]:
        """One level for each criterion, taking turns."""
        rubric = work.responses.select_related("question_version").get().question_version.content["rubric"]
        return [levels[place % len(levels)] for place in range(len(rubric))]

    def _backdate(self, enrolment: Enrolment, days: int) -> None:
        """Let what was done just now have happened some days ago."""
        ago = timedelta(days=days)
        Progress.objects.filter(enrolment=enrolment).update(
            started_at=F("started_at") - ago, completed_at=F("completed_at") - ago, updated_at=F("updated_at") - ago
        )
        Attempt.objects.filter(enrolment=enrolment).update(
            started_at=F("started_at") - ago, submitted_at=F("submitted_at") - ago, graded_at=F("graded_at") - ago
        )
        Response.objects.filter(attempt__enrolment=enrolment).update(saved_at=F("saved_at") - ago)
        AnswerEvent.objects.filter(response__attempt__enrolment=enrolment).update(received_at=F("received_at") - ago)
        GradeEvent.objects.filter(response__attempt__enrolment=enrolment).update(at=F("at") - ago)
        Enrolment.objects.filter(pk=enrolment.pk).update(
            requested_at=F("requested_at") - ago - timedelta(days=4), joined_at=F("joined_at") - ago - timedelta(days=4),
            last_seen_at=F("last_seen_at") - ago,
        )  # fmt: skip

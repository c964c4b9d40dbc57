"""The people and things that ``tests/test_doors.py`` sends through every door.

``SAMPLES`` tells for each address with parameters which object to ask for, and whose it is. A new address with parameters
needs a line here, or the build fails.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import requesting
from accounts.models import Agency, AgencyKind, ApprovedDomain, EmploymentStatus, Region, RegionKind, Role, RoleGrant, ScopeKind, User
from cohorts.models import Enrolment
from courses import booklets, remarking, revising
from courses.models import Channel, FrozenLesson, Lesson, Media
from courses.packing import arriving, making
from notifications import links
from notifications.models import DemoMail
from quizzes import attempts, believing, grading, uploads
from quizzes.bank.categories import find_or_make
from quizzes.exchange import batches
from quizzes.models import Accommodation, AnswerEvent, Attempt, Correction, Upload
from tests.factories import certificates, cohorts, courses, quizzes
from tests.factories.accounts import client_of, person, second_factor

ROLES: dict[str, Role] = {
    "trainer": Role.TRAINER,
    "other_trainer": Role.TRAINER,
    "coordinator": Role.COORDINATOR,
    "other_coordinator": Role.COORDINATOR,
    "author": Role.AUTHOR,
    "reviewer": Role.REVIEWER,
    "organiser": Role.ORGANISER,
    "admin": Role.ADMIN,
}
SIGNED_IN = ("fresh", "learner", "other_learner", *ROLES)
PERSONAS = ("anonymous", "suspended", *SIGNED_IN)


@dataclass
class World:
    """Everyone by name in ``people``; things by name in ``things`` (filled by ``furnish``)."""

    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"].get(name) or self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class Sample:
    """``words`` makes the address' parameters; ``theirs`` names who may open this very object (None: all whom the door lets in)."""

    words: Callable[[World], dict[str, Any]]
    theirs: frozenset[str] | None = None


def sample(words: Callable[[World], dict[str, Any]], *theirs: str) -> Sample:
    """One object for one address: ``sample(lambda world: {"attempt_id": world.attempt.pk}, "learner")``."""
    return Sample(words, frozenset(theirs) if theirs else None)


LEARNERS = ("learner", "other_learner")
RUNS = ("organiser", "admin")
GRADES = ("trainer", "admin")
MEASURES = ("trainer", "other_trainer", "author", "reviewer", *RUNS)  # each in a cohort of their own, or all together


def lesson(world: World) -> dict[str, Any]:
    return {"course_slug": world.course.slug, "module_slug": world.module.slug, "lesson_slug": world.lesson.slug}


def module_of_course(world: World) -> dict[str, Any]:
    return {"course_slug": world.course.slug, "module_slug": world.module.slug}


def id_of(word: str, thing: str) -> Callable[[World], dict[str, Any]]:
    """The parameter ``word`` is the key of that thing."""
    return lambda world: {word: getattr(world, thing).pk}


SAMPLES: dict[str, Sample] = {
    # accounts
    "accounts:person": sample(id_of("person_id", "learner")),
    "accounts:give_role": sample(id_of("person_id", "learner")),
    "accounts:suspend": sample(id_of("person_id", "learner")),
    "accounts:restore": sample(id_of("person_id", "suspended")),
    "accounts:reset_factor": sample(id_of("person_id", "trainer")),
    "accounts:clear_refused": sample(id_of("person_id", "learner")),
    "accounts:erase": sample(id_of("person_id", "other_learner")),
    "accounts:data_request": sample(id_of("request_id", "data_request")),
    "accounts:end_role": sample(lambda world: {"grant_id": world.trainer.grants.first().pk}),
    "accounts:approve_agency": sample(id_of("agency_id", "requested_agency")),
    "accounts:decline_agency": sample(id_of("agency_id", "requested_agency")),
    "accounts:remove_domain": sample(id_of("domain_id", "domain")),
    "mfa_edit_webauthn": sample(id_of("pk", "passkey"), "trainer"),
    "mfa_remove_webauthn": sample(id_of("pk", "passkey"), "trainer"),
    # courses
    "courses:module_page": sample(module_of_course),
    "courses:media": sample(lambda world: {"name": world.image.name}),
    "courses:guide": sample(lambda world: {"course_slug": world.course.slug, "slug": "sesi-a"}),
    "courses:studio_module": sample(id_of("module_id", "module")),
    "courses:publish_module": sample(id_of("module_id", "module"), "reviewer", "admin"),
    "courses:help_task": sample(lambda world: {"slug": "membuat-kuis"}),
    "courses:versions": sample(id_of("module_id", "module")),
    "courses:version": sample(lambda world: {"version_id": world.module.current_version_id}),
    "courses:booklet": sample(lambda world: {"version_id": world.module.current_version_id}),
    "courses:review_module": sample(id_of("module_id", "module")),
    "courses:review_course": sample(id_of("course_id", "course")),
    "courses:compare": sample(id_of("module_id", "module")),
    "courses:remark_on_module": sample(id_of("module_id", "module")),
    "courses:remark_on_course": sample(id_of("course_id", "course")),
    "courses:remarks": sample(id_of("activity_id", "lesson")),
    "courses:answer_remark": sample(id_of("remark_id", "remark")),
    "courses:settle_remark": sample(id_of("remark_id", "remark")),
    "courses:restore": sample(lambda world: {"version_id": world.module.current_version_id}),
    "courses:studio_lesson": sample(id_of("activity_id", "lesson")),
    "courses:save_lesson": sample(id_of("activity_id", "lesson")),
    "courses:lesson_beat": sample(id_of("activity_id", "lesson")),
    "courses:lesson_preview": sample(id_of("activity_id", "lesson")),
    "courses:move": sample(id_of("activity_id", "lesson")),
    "courses:archive": sample(id_of("activity_id", "lesson")),
    "courses:packages": sample(id_of("course_id", "course")),
    "courses:bring_in": sample(id_of("course_id", "course")),
    "courses:package": sample(id_of("package_id", "package")),
    "courses:package_file": sample(id_of("package_id", "package")),
    "courses:drop_package": sample(id_of("package_id", "package")),
    "courses:arrival": sample(id_of("arrival_id", "arrival")),
    "courses:drop_arrival": sample(id_of("arrival_id", "arrival")),
    "courses:studio_course": sample(id_of("course_id", "course")),
    "courses:library": sample(id_of("course_id", "course")),
    "courses:media_item": sample(id_of("media_id", "image")),
    "courses:media_history": sample(id_of("media_id", "image")),
    "courses:media_cut": sample(id_of("media_id", "image")),
    "courses:media_replace": sample(id_of("media_id", "image")),
    "courses:media_archive": sample(id_of("media_id", "image")),
    "courses:media_pick": sample(id_of("course_id", "course")),
    "courses:media_add": sample(id_of("course_id", "course")),
    "courses:images": sample(id_of("course_id", "course")),
    "courses:course_settings": sample(id_of("course_id", "course")),
    "courses:copy_course": sample(id_of("course_id", "course")),
    "courses:archive_course": sample(id_of("course_id", "course")),
    "courses:bring_course_back": sample(id_of("course_id", "course")),
    "courses:archive_list": sample(id_of("course_id", "course")),
    "courses:course_history": sample(id_of("course_id", "course")),
    "courses:add_to_course": sample(id_of("course_id", "course")),
    "courses:add_module": sample(id_of("course_id", "course")),
    "courses:add_to_module": sample(id_of("module_id", "module")),
    "courses:move_module": sample(id_of("module_id", "module")),
    "courses:copy_module": sample(id_of("module_id", "module")),
    "courses:archive_module": sample(id_of("module_id", "module")),
    "courses:bring_module_back": sample(id_of("module_id", "module")),
    "courses:module_history": sample(id_of("module_id", "module")),
    "courses:part": sample(id_of("activity_id", "lesson")),
    "courses:copy": sample(id_of("activity_id", "lesson")),
    "courses:bring_back": sample(id_of("activity_id", "lesson")),
    "courses:part_history": sample(id_of("activity_id", "lesson")),
    "courses:revision": sample(lambda world: {"revision_id": revising.keep_facts(world.module, by=world.author).pk}),
    "courses:publish_course": sample(id_of("course_id", "course")),
    "courses:lesson_freshness": sample(id_of("activity_id", "lesson")),
    "courses:looked_at": sample(id_of("activity_id", "lesson")),
    "courses:mark_lesson": sample(id_of("activity_id", "lesson")),
    "courses:fact_holds": sample(id_of("course_id", "course")),
    "courses:channels": sample(id_of("course_id", "course")),
    "courses:add_channel": sample(id_of("course_id", "course")),
    "courses:channel": sample(id_of("channel_id", "channel")),
    "courses:check_channel": sample(id_of("channel_id", "channel")),
    "courses:channel_history": sample(id_of("channel_id", "channel")),
    "courses:archive_channel": sample(id_of("channel_id", "channel")),
    **{f"courses:{name}": sample(id_of("course_id", "course")) for name in ("terms", "facts", "misconceptions", "trainer_guides")},
    **{f"courses:new_{name}": sample(id_of("course_id", "course")) for name in ("term", "fact", "misconception", "trainer_guide")},
    "courses:term": sample(lambda world: {"course_id": world.course.pk, "key": "akun-resmi"}),
    "courses:fact": sample(lambda world: {"course_id": world.course.pk, "key": "batas-unggah"}),
    "courses:misconception": sample(lambda world: {"course_id": world.course.pk, "key": "centang-pasti-benar"}),
    "courses:trainer_guide": sample(lambda world: {"course_id": world.course.pk, "key": "sesi-a"}),
    "courses:remove_companion": sample(lambda world: {"course_id": world.course.pk, "name": "glossary", "key": "akun-resmi"}),
    # cohorts
    "cohorts:module": sample(module_of_course),  # whoever does not take the course is led to the cohorts
    "cohorts:booklet": sample(module_of_course, *LEARNERS),
    "cohorts:lesson": sample(lesson, *LEARNERS),
    "cohorts:complete_lesson": sample(lesson, *LEARNERS),
    "cohorts:undo_lesson": sample(lesson, *LEARNERS),
    "cohorts:check": sample(lambda world: {**lesson(world), "key": "sandi"}, *LEARNERS),
    "cohorts:preview": sample(id_of("course_id", "course")),
    "cohorts:preview_module": sample(lambda world: {"course_id": world.course.pk, "module_slug": world.module.slug}),
    "cohorts:preview_step": sample(
        lambda world: {"course_id": world.course.pk, "module_slug": world.module.slug, "activity_id": world.lesson.pk}
    ),
    "cohorts:program": sample(id_of("enrolment_id", "enrolment"), "learner"),
    "cohorts:withdraw": sample(id_of("enrolment_id", "enrolment"), "learner"),
    "cohorts:join": sample(id_of("cohort_id", "cohort")),
    "cohorts:decide": sample(id_of("enrolment_id", "request"), "coordinator", *RUNS),
    "cohorts:cohort": sample(id_of("cohort_id", "cohort"), "trainer", "coordinator", *RUNS),
    "cohorts:edit": sample(id_of("cohort_id", "cohort"), *RUNS),
    "cohorts:open_or_close": sample(id_of("cohort_id", "cohort"), *RUNS),
    "cohorts:deadlines": sample(id_of("cohort_id", "scheduled_cohort"), "admin"),
    "cohorts:invitations": sample(id_of("cohort_id", "cohort"), *RUNS),
    "cohorts:versions": sample(id_of("cohort_id", "cohort"), *RUNS),
    "cohorts:move_module": sample(lambda world: {"cohort_id": world.scheduled_cohort.pk, "module_id": world.module.pk}, "admin"),
    "cohorts:move_programme": sample(id_of("cohort_id", "scheduled_cohort"), "admin"),
    "cohorts:export": sample(id_of("cohort_id", "cohort"), *RUNS),
    # quizzes
    "quizzes:start": sample(lambda world: {"activity_id": world.quiz.activity_id}, *LEARNERS),
    "quizzes:question": sample(lambda world: {"attempt_id": world.attempt.pk, "position": 1}, "learner"),
    "quizzes:review": sample(id_of("attempt_id", "attempt"), "learner"),
    "quizzes:send": sample(id_of("attempt_id", "attempt"), "learner"),
    "quizzes:tell": sample(id_of("attempt_id", "attempt"), "learner"),
    "quizzes:result": sample(id_of("attempt_id", "attempt"), "learner"),
    "quizzes:assignment": sample(lambda world: {"activity_id": world.assignment.pk}, *LEARNERS),
    "quizzes:hand_in": sample(lambda world: {"activity_id": world.assignment.pk}, *LEARNERS),
    "quizzes:improve": sample(lambda world: {"activity_id": world.assignment.pk}, *LEARNERS),
    "quizzes:worksheet": sample(lambda world: {"activity_id": world.assignment.pk}, *LEARNERS),
    "quizzes:samples": sample(
        lambda world: {"activity_id": world.assignment.pk}, "learner", "author", "reviewer", "other_trainer", *GRADES, *RUNS
    ),
    "quizzes:worksheet_to_grade": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:samples_to_grade": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:file": sample(id_of("upload_id", "upload"), "learner", *GRADES),
    "quizzes:remove_file": sample(id_of("upload_id", "upload"), "learner"),
    "quizzes:history": sample(id_of("attempt_id", "finished"), *GRADES),
    "quizzes:grade_attempt": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:statistics_quiz": sample(lambda world: {"activity_id": world.quiz.activity_id}, *MEASURES),
    "quizzes:compute_statistics": sample(lambda world: {"activity_id": world.quiz.activity_id}, *MEASURES),
    "quizzes:download_statistics": sample(lambda world: {"activity_id": world.quiz.activity_id}, *MEASURES),
    "quizzes:statistics_question": sample(
        lambda world: {"activity_id": world.quiz.activity_id, "question_id": world.course.questions.earliest("pk").pk}, *MEASURES
    ),
    "quizzes:statistics_gain": sample(id_of("course_id", "course"), *MEASURES),
    "quizzes:take_work": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:grading_step": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:undo_grade": sample(id_of("attempt_id", "work"), *GRADES),
    "quizzes:file_on_page": sample(id_of("upload_id", "upload"), *GRADES),
    "quizzes:grading_question": sample(
        lambda world: {"question_id": world.finished.responses.first().question_version.question_id}, *GRADES
    ),
    "quizzes:second_mark": sample(id_of("attempt_id", "graded_work"), *GRADES),
    "quizzes:agreement": sample(lambda world: {"activity_id": world.assignment.pk}, *GRADES, "organiser", "other_trainer"),
    "quizzes:announce": sample(lambda world: {"activity_id": world.assignment.pk, "cohort_id": world.cohort.pk}, *GRADES, "organiser"),
    "quizzes:count_late": sample(lambda world: {"attempt_id": world.finished.pk, "event_id": world.late.pk}, *GRADES),
    # the bank of questions
    "quizzes:rules": sample(lambda world: {"activity_id": world.quiz.activity_id}),
    "quizzes:trial": sample(lambda world: {"activity_id": world.quiz.activity_id}),
    "quizzes:trial_question": sample(lambda world: {"activity_id": world.quiz.activity_id, "position": 1}),
    "quizzes:trial_result": sample(lambda world: {"activity_id": world.quiz.activity_id}),
    "quizzes:cohort_quizzes": sample(id_of("cohort_id", "cohort"), "trainer", *RUNS),
    "quizzes:cohort_quiz": sample(lambda world: {"cohort_id": world.cohort.pk, "activity_id": world.quiz.activity_id}, "trainer", *RUNS),
    "quizzes:give_exception": sample(lambda world: {"cohort_id": world.cohort.pk, "activity_id": world.quiz.activity_id}, "trainer", *RUNS),
    "quizzes:end_exception": sample(id_of("accommodation_id", "accommodation"), "trainer", *RUNS),
    "quizzes:bank_list": sample(id_of("course_id", "course")),
    "quizzes:bank_picked": sample(id_of("course_id", "course")),
    "quizzes:bank_undo": sample(id_of("course_id", "course")),
    "quizzes:bank_categories": sample(id_of("course_id", "course")),
    "quizzes:bank_new": sample(id_of("course_id", "course")),
    "quizzes:bank_write": sample(lambda world: {"course_id": world.course.pk, "kind": "single"}),
    "quizzes:bank_category": sample(id_of("category_id", "category")),
    "quizzes:bank_category_step": sample(id_of("category_id", "category")),
    "quizzes:bank_category_remove": sample(id_of("category_id", "category")),
    "quizzes:bank_question": sample(id_of("question_id", "question")),
    "quizzes:bank_versions": sample(id_of("question_id", "question")),
    "quizzes:bank_worksheet": sample(lambda world: {"question_id": world.course.questions.get(kind="practical").pk}),
    "quizzes:bank_duplicate": sample(id_of("question_id", "question")),
    "quizzes:bank_retire": sample(id_of("question_id", "question")),
    "quizzes:correct": sample(id_of("question_id", "question")),
    "quizzes:correct_impact": sample(id_of("question_id", "question")),
    "quizzes:correction": sample(id_of("correction_id", "correction")),
    "quizzes:doubt_key": sample(id_of("attempt_id", "finished"), *GRADES),
    "quizzes:import": sample(id_of("course_id", "course")),
    "quizzes:import_template": sample(lambda world: {"format": "csv"}),
    "quizzes:import_batch": sample(id_of("batch_id", "import_batch")),
    "quizzes:import_drop": sample(id_of("batch_id", "import_batch")),
    "quizzes:import_undo": sample(id_of("batch_id", "import_batch")),
    "quizzes:import_mend": sample(id_of("batch_id", "import_batch")),
    "quizzes:export": sample(id_of("course_id", "course")),
    # certificates
    "certificates:download": sample(id_of("certificate_id", "certificate"), "learner"),
    "certificates:verify_token": sample(lambda world: {"token": world.certificate.token}),
    "certificates:verify_download": sample(lambda world: {"token": world.certificate.token}),
    "certificates:certificate": sample(id_of("certificate_id", "certificate")),
    "certificates:certificate_file": sample(id_of("certificate_id", "certificate")),
    "certificates:correct": sample(id_of("certificate_id", "certificate")),
    "certificates:revoke": sample(id_of("certificate_id", "certificate")),
    # notifications
    "notifications:preferences_by_link": sample(
        lambda world: {"token": links.preferences_url(world.learner.pk).rstrip("/").rpartition("/")[2]}
    ),
    "notifications:unsubscribe": sample(
        lambda world: {"token": links.unsubscribe_url(world.learner.pk, "deadline_near").rstrip("/").rpartition("/")[2]}
    ),
    "notifications:demo_mail_item": sample(id_of("mail_id", "mail")),
}


def build() -> World:
    """Two agencies in two regions, everyone in their place, signed in with a fresh proof of what their role asks for."""
    caches["local"].clear()  # what earlier tests left there carries the same keys
    world = World()
    province = Region.objects.create(
        code="73", name="Sulawesi Selatan", kind=RegionKind.PROVINCE, time_zone="Asia/Makassar", search_key="sulawesiselatan"
    )
    for code, name in (("73.06", "Gowa"), ("73.71", "Makassar")):
        region = Region.objects.create(
            code=code, name=name, kind=RegionKind.REGENCY, province=province, time_zone="Asia/Makassar", search_key=name.lower()
        )
        world.things[f"agency_{name.lower()}"] = Agency.objects.create(
            name=f"Diskominfo {name}", kind=AgencyKind.COMMUNICATIONS, region=region, search_key=f"diskominfo{name.lower()}"
        )
    for name in ("suspended", *SIGNED_IN):
        elsewhere = name.startswith("other_")
        world.people[name] = User.objects.create_user(
            f"{name}@{'makassar' if elsewhere else 'gowa'}.go.id",
            is_active=name != "suspended",
            needs_second_factor=name in ROLES,
            **({} if name == "fresh" else complete(name, world.things["agency_makassar" if elsewhere else "agency_gowa"])),
        )
        EmailAddress.objects.create(user=world.people[name], email=world.people[name].email, verified=True, primary=True)
    for name in SIGNED_IN:
        second_factor(world.people[name])
    furnish(world)
    for name, role in ROLES.items():
        grant(world, name, role)
    for name, someone in world.people.items():
        world.clients[name] = signed_in(someone)
    return world


def complete(name: str, agency: Agency) -> dict[str, Any]:
    """A whole profile."""
    return {"name": f"Orang {name.title()}", "employment_status": EmploymentStatus.NON_ASN, "agency": agency, "position": "Staf"}


def grant(world: World, name: str, role: Role) -> None:
    """The persona's role, in the narrowest scope that the world has for it."""
    cohort = world.things.get("other_cohort" if name.startswith("other_") else "cohort")
    if role == Role.COORDINATOR:
        agency = world.people[name].agency
        kind, scope = ScopeKind.AGENCY, str(agency.pk if agency else "")
    elif role in {Role.TRAINER, Role.ORGANISER} and cohort is not None:
        kind, scope = ScopeKind.COHORT, str(cohort.pk)
    else:
        kind, scope = ScopeKind.EVERYTHING, ""
    RoleGrant.objects.create(person=world.people[name], role=role, scope_kind=kind, scope_id=scope)


def furnish(world: World) -> None:
    """The courses, cohorts, attempts and papers that ``SAMPLES`` ask for."""
    things, people = world.things, world.people
    things["passkey"] = Authenticator.objects.create(
        user=people["trainer"], type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop kantor", "credential": credential()}
    )
    things["requested_agency"] = Agency.objects.create(
        name="Kecamatan Somba Opu", kind=AgencyKind.DISTRICT, region_id="73.06", status="requested", requested_by=people["learner"]
    )
    things["data_request"] = requesting.ask(people["learner"], "correction", text="Gelar saya kurang.")
    things["domain"] = ApprovedDomain.objects.create(domain="contoh.go.id")
    with TemporaryDirectory() as folder:
        course = things["course"] = quizzes.make_course(papers=Path(folder))
    things["quiz"] = quizzes.quiz_of(course)
    things["module"] = things["quiz"].activity.module
    things["lesson"] = things["module"].activities.filter(kind="lesson").first()
    Lesson.objects.filter(activity=things["lesson"]).update(body=BODY)
    courses.publish(things["module"])
    courses.add_guide(course, "sesi-a")
    courses.add_companions(course, tags=("centang-pasti-benar", *believing.carrying(course)))
    courses.publish(course)
    booklets.make(things["module"].current_version)
    things["question"] = course.questions.filter(kind="single").first()
    things["correction"] = Correction.objects.create(
        question=things["question"], old_version=things["question"].current_version, choice="leave", reason="Kunci keliru.", status="done"
    )
    things["package"] = making.ask(course, kind="archive", by=people["admin"])
    making.make(things["package"].pk)
    things["arrival"] = arriving.bring(b"PK\x05\x06" + bytes(18), "arsip.zip", by=people["admin"], course=course)
    arriving.examine(things["arrival"].pk)
    things["category"] = find_or_make(course, "Akun")
    things["import_batch"] = batches.preview(
        course, module=None, category=None, data=b"Bumi bulat {T####Benar.}\n\nUraian {}\n", file_name="soal.gift", format="gift", by=None
    )
    things["assignment"] = course.activities.get(code="M1-TUGAS")
    things["image"] = Media.objects.create(
        course=course,
        file=ContentFile(PIXEL, f"{secrets.token_hex(16)}.webp"),
        sha256="0" * 64,
        alternative_text="Titik",
        original_name="titik.png",
    )
    shown = FrozenLesson.objects.filter(version__course=course).first()  # learners have it once a published lesson shows it
    html = f'{shown.html}<img src="/m/{things["image"].name}" alt="Titik">'
    FrozenLesson.objects.filter(pk=shown.pk).update(html=html)
    things["enrolment"] = quizzes.make_enrolment(course, learner=people["learner"])
    things["cohort"] = things["enrolment"].cohort
    things["other_enrolment"] = quizzes.make_enrolment(course, learner=people["other_learner"])
    things["other_cohort"] = things["other_enrolment"].cohort
    things["scheduled_cohort"] = cohorts.pin(cohorts.make_cohort(course, kind="scheduled"))
    things["remark"] = remarking.remark(things["lesson"], by=people["reviewer"], body="Sumbernya?")
    things["channel"] = Channel.objects.create(course=course, key="aduan", name="Aduan Konten", address="aduankonten.id")
    things["finished"], things["late"] = finished(things["enrolment"])
    things["work"], things["upload"] = handed_in(things["enrolment"])
    things["graded_work"] = graded(things["cohort"], course)
    things["attempt"] = quizzes.start(things["enrolment"])
    things["accommodation"] = Accommodation.objects.create(quiz=things["quiz"], cohort=things["cohort"], extra_minutes=5, reason="Sakit")
    things["request"] = cohorts.make_enrolment(things["cohort"], person(agency=people["learner"].agency), status="requested")
    things["certificate"] = certificates.issued(people["learner"], drawn=True)
    things["mail"] = DemoMail.objects.create(message_id="<1@contoh>", to="a@contoh.go.id", subject="Perihal", body="Isi")


def finished(enrolment: Enrolment) -> tuple[Attempt, AnswerEvent]:
    """A quiz that was sent, and an answer that came too late for it."""
    attempt = quizzes.start(enrolment)
    quizzes.answer_all(attempt)
    attempts.submit(attempt, by=enrolment.learner)
    response = attempt.responses.select_related("question_version", "attempt__enrolment__learner").first()
    quizzes.save(response, quizzes.wrong(response))
    return attempt, AnswerEvent.objects.get(response__attempt=attempt, was_accepted=False)


def handed_in(enrolment: Enrolment) -> tuple[Attempt, Upload]:
    """Practical work that waits for its trainer, with a file."""
    work = quizzes.start(enrolment, "M1-TUGAS")
    response = work.responses.get()
    upload = uploads.receive(response, SimpleUploadedFile("audit.pdf", b"%PDF-1.7\n%%EOF"))
    attempts.submit(work, by=enrolment.learner)
    return work, upload


def graded(cohort: Any, course: Any) -> Attempt:
    """Accepted work of another learner of this cohort, which waits for a second marker."""
    enrolment = cohorts.make_enrolment(cohort, person())
    for lesson in course.activities.filter(module__code="M1", kind="lesson"):
        cohorts.make_progress(enrolment, lesson)
    quiz = quizzes.start(enrolment)
    quizzes.answer_all(quiz)
    attempts.submit(quiz, by=enrolment.learner)
    work, _upload = handed_in(enrolment)
    Attempt.objects.filter(pk=work.pk).update(rules=work.rules | {"second_marking": 1.0})
    work.refresh_from_db()
    grading.accept(work, by=person(), levels=[0, 0])
    return work


BODY = """## Isi

/// cek | sandi
pertanyaan: Kata sandi dibagikan lewat grup?
pilihan:
- teks: Benar
  umpan: Kata sandi tidak dibagikan.
- teks: Salah
  umpan: Setiap admin masuk dengan akunnya sendiri.
jawaban: 2
///
"""
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def credential() -> dict[str, Any]:
    """A passkey as a browser registers it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"k" * 16, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, made)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    handle = websafe_encode(b"k" * 16)
    return {
        "id": handle,
        "rawId": handle,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


def signed_in(person: User) -> Client:
    """A client with a session of this person: password, and a second factor shown a moment ago."""
    client = client_of(person)
    client.raise_request_exception = False
    return client

"""Numbers, gaps and hot spots all the way: files, editors, pages with and without a script, and nothing of the key too early."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.urls import reverse
from playwright.sync_api import expect

from courses.models import Media, Module
from quizzes import attempts
from quizzes.kinds import correct_answer, registry
from quizzes.kinds.editor import COUNT, MORE
from quizzes.loading import in_order
from quizzes.models import Attempt, Question, Response
from quizzes.part import QuizzesPart
from quizzes.picturing import library
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of
from tests.quizzes.test_take import address, everything_before_feedback, of_kind, questions

PART = QuizzesPart()
CONTENTS = [
    (one["kind"], in_order(one, registry[one["kind"]].keys)) for one in [*factory.make_questions(copies=1), *factory.more_questions()]
]
MORE_WORDS = {"feedback_options": {"A": "Alasan A.", "D": "Alasan D."}}


@pytest.fixture
def attempt(db):
    return factory.start(factory.make_enrolment(factory.make_course_of_more()))


# --- files --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_was_loaded_is_dumped_and_loading_again_changes_nothing():
    module = Module.objects.get(course=factory.make_course_of_more(), code="M1")
    files = factory.more_questions(lesson=module.activities.get(kind="lesson").code, picture=factory.SHOWN)
    dumped = PART.dump(module)
    assert dumped["questions"] == files
    assert [repr(one) for one in dumped["questions"]] == [repr(one) for one in files]  # every nested key in its order
    assert {word for word, _ in factory.load(module, dumped["activities"], dumped["questions"]).lines} == {"unchanged"}


@pytest.mark.django_db
def test_a_picture_that_changes_gives_its_question_a_version_and_the_old_one_keeps_the_old_picture():
    course = factory.make_course_of_more()
    module, question = Module.objects.get(course=course, code="M1"), Question.objects.get(kind="hotspot")
    old = question.current_version
    factory.make_figure(course, factory.SCREEN.replace("Layar", "Halaman"))
    dumped = PART.dump(module)
    assert factory.load(module, dumped["activities"], dumped["questions"]).told("changed") == [f"soal {question.code}"]
    question.refresh_from_db()
    addresses = [one.content["picture"]["address"] for one in (old, question.current_version)]
    assert len(set(addresses)) == 2
    assert {one.url for one in Media.objects.filter(course=course)} == set(addresses)
    told = PART.diff(module.current_version.parts["quizzes"], PART.freeze(module))
    assert told == [f"Soal {question.code}: gambar berubah."]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["tidak-ada.svg", "../rahasia.svg", "%", ""])
def test_a_picture_that_the_library_does_not_have_is_told(name):
    module = Module.objects.get(course=factory.make_course_of_more(), code="M1")
    dumped = PART.dump(module)
    dumped["questions"][2]["picture"] = {"file": name, "alt": "Layar."}
    report = factory.Report()
    PART.load(module, dumped, report)
    assert any("tidak ada di pustaka" in one or "harus berisi teks" in one for one in report.told("problem"))


# --- editors ------------------------------------------------------------------------------------------------------------
def posted(form):
    """What the browser sends back when nothing is changed."""
    sent = QueryDict(mutable=True)
    for bound in form:
        value = bound.field.prepare_value(bound.value()) if hasattr(bound.field, "prepare_value") else bound.value()
        if isinstance(value, list):
            sent.setlist(bound.html_name, [str(one) for one in value])
        elif value not in (None, "", False):
            sent[bound.html_name] = str(value)
    return sent


def editor(kind, data=None, **more):
    return registry[kind].editor(
        data, pictures={factory.PICTURE["file"]: factory.PICTURE}, register={"mengira-satu": "Mengira satu."}, **more
    )


@pytest.mark.parametrize(("kind", "content"), CONTENTS)
def test_an_editor_gives_back_what_it_was_given(kind, content):
    for one in (content, content | MORE_WORDS if kind in ("single", "scenario") else content):
        one = in_order(one, registry[kind].keys)
        form = editor(kind, posted(editor(kind, content=one)), content=one)
        assert form.is_valid(), form.errors
        assert repr(form.content()) == repr(one)
        assert str(form)  # it can be drawn


def test_practical_work_keeps_its_worksheet_and_samples():
    content = in_order(factory.assignment_with_papers(), registry["practical"].keys)
    form = editor("practical", posted(editor("practical", content=content)), content=content)
    assert form.is_valid(), form.errors
    assert form.content() == content


@pytest.mark.parametrize(("kind", "content"), CONTENTS)
def test_an_empty_editor_says_what_is_missing_and_never_breaks(kind, content):
    form = editor(kind, QueryDict(f"{COUNT}=4"))
    assert not form.is_valid()
    assert form.errors
    names = list(editor(kind).fields)
    for value in ("\x00", "x" * 5_000, "-1", "{{1}}", "=", "|", "*", "1e999", "😀"):
        form = editor(kind, QueryDict("&".join(f"{name}=x" for name in names)).copy())
        for name in names:
            form.data[name] = value
        form.is_valid()
        str(form)


def test_more_rows_are_asked_for_by_a_button_and_nothing_typed_is_lost():
    form = editor("single", QueryDict(f"text=Apa?&choice_1=Satu&key=1&{COUNT}=4&{MORE}=1"))
    assert form.wants_more and not form.is_valid() and not form.errors
    assert [row.name for row in form.rows()] == list("ABCDEF")
    assert "Satu" in str(form)
    assert len(editor("single", QueryDict(f"{COUNT}=9999&{MORE}=1")).rows()) == 20


def test_empty_rows_are_left_out_and_letters_move_up():
    sent = QueryDict(f"text=Apa?&feedback=Sebab.&{COUNT}=6&choice_2=Dua&choice_5=Lima&key=5&tag_2=mengira-satu&why_5=Memang.")
    form = editor("single", sent)
    assert form.is_valid(), form.errors
    wanted = {"choices": ["Dua", "Lima"], "key": "B", "misconceptions": {"A": "mengira-satu"}, "feedback_options": {"B": "Memang."}}
    assert form.content() == {"text": "Apa?", **wanted, "feedback": "Sebab."}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("choice_1=A&choice_2=B", "key"),
        ("choice_1=A&key=1", "choice_1"),
        ("choice_1=A&choice_2=B&key=1&tag_1=salah", "tag_1"),
        ("choice_1=A&choice_2=B&key=1&why_4=Alasan", "choice_4"),
        ("choice_1=A&choice_2=B&key=3", "choice_3"),
        ("choice_1=A&choice_2=A&key=1", "__all__"),
        ("choice_1=A&choice_2=B&key=1&tag_2=Bukan Label", "__all__"),
    ],
)
def test_what_is_wrong_in_an_editor_stands_at_its_field(more, field):
    form = editor("single", QueryDict(f"text=Apa?&feedback=Sebab.&{COUNT}=4&{more}"))
    assert not form.is_valid()
    assert field in form.errors


@pytest.mark.parametrize(("kind", "content"), CONTENTS)
def test_the_correct_answer_scores_everything(kind, content):
    assert registry[kind](content).points(correct_answer(kind, content)) == 1


@pytest.mark.django_db
def test_the_library_offers_what_can_be_pinned():
    course = factory.make_course_of_more()
    (found,) = library(course).values()
    assert found == Question.objects.get(kind="hotspot").current_version.content["picture"] | {"alt": found["alt"]}


# --- pages --------------------------------------------------------------------------------------------------------------
def test_the_key_of_the_new_kinds_leaves_the_server_only_with_the_feedback(attempt):
    client = client_of(attempt.enrolment.learner)
    for answer in everything_before_feedback(client, attempt):
        said = answer.content.decode() + str(dict(answer.headers))
        assert not re.search(r"ahasia|mengira-|tolerance|percent|4[.,]3\b|data-key|data-right", said)
        assert "password manager" not in said
    attempts.submit(attempt, by=attempt.enrolment.learner)


def test_the_result_tells_what_the_author_says_to_this_answer(attempt):
    client = client_of(attempt.enrolment.learner)
    hotspot = of_kind(attempt, "hotspot")
    given = {
        "numeric": {"j": ["4 m"]},
        "gaps": {"g1": ["buku catatan"], "g2": ["12,5"], "g3": [""]},
        "hotspot": {"j": ["abc"[hotspot.order.index(0)]]},
    }
    for one in questions(attempt):
        assert factory.save(one, given[one.question_version.kind]).accepted
    attempts.submit(attempt, by=attempt.enrolment.learner)
    told = client.get(reverse("quizzes:result", args=[attempt.pk])).content.decode()
    assert all(
        one in told
        for one in ("Rahasia hampir.", "<strong>Isian 1.</strong> Rahasia isian satu.", "Rahasia logo.", "4,25 m (4,2 sampai 4,3)")
    )
    assert not any(one in told for one in ("Rahasia satuan.", "Rahasia isian dua.", "Rahasia isian tiga.", "Rahasia alamat.", "mengira-"))


# --- in a browser -------------------------------------------------------------------------------------------------------
def sign_in(page, server, attempt):
    cookie = client_of(attempt.enrolment.learner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_answers_all_three(live_server, open_page, axe, scripts):
    attempt = factory.start(factory.make_enrolment(factory.make_course_of_more()))
    page = open_page(390, 844, scripts=scripts)
    sign_in(page, live_server, attempt)
    for one in questions(attempt):
        page.goto(live_server.url + address(one))
        if scripts:
            axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True
        kind = one.question_version.kind
        if kind == "numeric":
            page.get_by_label("Berapa panjang kabel").fill("425 cm")
        elif kind == "gaps":
            page.get_by_label("Isian 1").fill("Password Manager")
            page.get_by_label("Isian 2").fill("12,5")
            page.get_by_label("Isian 3").select_option(label="aplikasi")
        else:
            picture = page.locator(".hotspot img")
            box = picture.bounding_box()
            assert page.request.get(live_server.url + picture.get_attribute("src")).status == 200
            page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.8)
            expect(page.get_by_label("Tombol masuk")).to_be_checked()
            page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.05)
            expect(page.get_by_label("Bilah alamat")).to_be_checked()
        if scripts:
            page.wait_for_selector("[data-sync]:has-text('Tersimpan')", timeout=2_500)
        else:
            page.get_by_role("button", name="Simpan dan lanjut").click()
            page.wait_for_url(re.compile(r"/(tinjau|\d+)/$"))
        row = Response.objects.select_related("question_version").get(pk=one.pk)
        assert registry[kind](row.question_version.content).points(row.answer) == 1, (kind, row.answer)
    attempts.submit(Attempt.objects.get(), by=attempt.enrolment.learner)
    assert Attempt.objects.get().score == 1

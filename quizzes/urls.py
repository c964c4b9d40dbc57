"""The site map of quizzes."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import take

app_name = "quizzes"
urlpatterns: list[URLPattern] = [
    page("kuis/mulai/<int:activity_id>/", take.start, name="start", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/<int:position>/", take.question, name="question", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/tinjau/", take.review, name="review", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/kirim/", take.send, name="send", who=Who.LEARNER),
    page("kuis/<int:attempt_id>/hasil/", take.result, name="result", who=Who.LEARNER),
]

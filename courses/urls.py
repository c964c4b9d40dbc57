"""The site map of courses."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import catalogue, guides, lesson, media, papers, releases, remarks, review, studio

STUDIO = {Who.AUTHOR, Who.REVIEWER, Who.ADMIN}
WRITERS = {Who.AUTHOR, Who.ADMIN}
PUBLISHERS = {Who.REVIEWER, Who.ADMIN}
TEACHING = {Who.TRAINER, Who.ORGANISER, Who.AUTHOR, Who.REVIEWER, Who.ADMIN}

app_name = "courses"
urlpatterns: list[URLPattern] = [
    page("", catalogue.landing, name="landing", who=Who.PUBLIC),
    page("modul/", catalogue.catalogue, name="catalogue", who=Who.PUBLIC),
    page("modul/<slug:course_slug>/<slug:module_slug>/", catalogue.module_page, name="module_page", who=Who.PUBLIC),
    page("glosarium/", catalogue.glossary_page, name="glossary", who=Who.PUBLIC),
    page("m/<str:name>", catalogue.media, name="media", who=Who.SIGNED_IN),
    page("panduan-pengajar/", guides.guides, name="guides", who=TEACHING),
    page("panduan-pengajar/<slug:course_slug>/<slug:slug>/", guides.guide, name="guide", who=TEACHING),
    page("kelola/modul/", studio.studio, name="studio", who=STUDIO),
    page("kelola/modul/cara-menulis/", studio.guide_for_writers, name="writing_guide", who=STUDIO),
    page("kelola/modul/<int:module_id>/", studio.studio_module, name="studio_module", who=STUDIO),
    page("kelola/modul/<int:module_id>/pelajaran-baru/", studio.add_lesson, name="add_lesson", who=WRITERS),
    page("kelola/modul/<int:module_id>/terbit/", releases.publish_module, name="publish_module", who=PUBLISHERS, fresh_proof=True),
    page("kelola/modul/<int:module_id>/tinjau/", review.review_module, name="review_module", who=STUDIO),
    page("kelola/modul/<int:module_id>/catatan/", remarks.remark_on_module, name="remark_on_module", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/tinjau/", review.review_course, name="review_course", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/catatan/", remarks.remark_on_course, name="remark_on_course", who=STUDIO),
    page("kelola/modul/bagian/<int:activity_id>/catatan/", remarks.remarks, name="remarks", who=STUDIO),
    page("kelola/modul/catatan/<int:remark_id>/jawab/", remarks.answer_remark, name="answer_remark", who=STUDIO),
    page("kelola/modul/catatan/<int:remark_id>/selesai/", remarks.settle_remark, name="settle_remark", who=STUDIO),
    page("kelola/modul/<int:module_id>/versi/", releases.versions, name="versions", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/", releases.version, name="version", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/modul.pdf", papers.booklet, name="booklet", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/jadikan-draf/", releases.restore, name="restore", who=WRITERS),
    page("kelola/modul/pelajaran/<int:activity_id>/", lesson.studio_lesson, name="studio_lesson", who=STUDIO),
    page("kelola/modul/pelajaran/<int:activity_id>/simpan/", lesson.save_lesson, name="save_lesson", who=WRITERS),
    page("kelola/modul/pelajaran/<int:activity_id>/hadir/", lesson.beat, name="lesson_beat", who=STUDIO),
    page("kelola/modul/pelajaran/<int:activity_id>/pratinjau/", lesson.preview, name="lesson_preview", who=STUDIO),
    page("kelola/modul/tempel/", lesson.paste, name="paste", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/pindah/", studio.move, name="move", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/arsip/", studio.archive, name="archive", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/", studio.studio_course, name="studio_course", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/gambar/", studio.images, name="images", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/pustaka/pilih/", media.pick, name="media_pick", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/pustaka/tambah/", media.add, name="media_add", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/terbit/", releases.publish_course, name="publish_course", who=PUBLISHERS, fresh_proof=True),
]

"""The site map of courses."""

from django.urls import URLPattern

from linimasa.doors import Who, page

from .views import catalogue, guides, history, lesson, media, outline, packages, papers, releases, remarks, review, settings, studio

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
    page("m/<str:name>", media.file, name="media", who=Who.SIGNED_IN),
    page("panduan-pengajar/", guides.guides, name="guides", who=TEACHING),
    page("panduan-pengajar/<slug:course_slug>/<slug:slug>/", guides.guide, name="guide", who=TEACHING),
    page("kelola/modul/", outline.studio, name="studio", who=STUDIO),
    page("kelola/modul/cara-menulis/", studio.guide_for_writers, name="writing_guide", who=STUDIO),
    page("kelola/modul/<int:module_id>/", outline.studio_module, name="studio_module", who=STUDIO),
    page("kelola/modul/<int:module_id>/terbit/", releases.publish_module, name="publish_module", who=PUBLISHERS, fresh_proof=True),
    page("kelola/modul/<int:module_id>/tinjau/", review.review_module, name="review_module", who=STUDIO),
    page("kelola/modul/<int:module_id>/catatan/", remarks.remark_on_module, name="remark_on_module", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/tinjau/", review.review_course, name="review_course", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/catatan/", remarks.remark_on_course, name="remark_on_course", who=STUDIO),
    page("kelola/modul/bagian/<int:activity_id>/catatan/", remarks.remarks, name="remarks", who=STUDIO),
    page("kelola/modul/catatan/<int:remark_id>/jawab/", remarks.answer_remark, name="answer_remark", who=STUDIO),
    page("kelola/modul/catatan/<int:remark_id>/selesai/", remarks.settle_remark, name="settle_remark", who=STUDIO),
    page("kelola/modul/<int:module_id>/versi/", releases.versions, name="versions", who=STUDIO),
    page("kelola/modul/<int:module_id>/bandingkan/", releases.compare, name="compare", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/", releases.version, name="version", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/modul.pdf", papers.booklet, name="booklet", who=STUDIO),
    page("kelola/modul/versi/<int:version_id>/jadikan-draf/", releases.restore, name="restore", who=WRITERS),
    page("kelola/modul/pelajaran/<int:activity_id>/", lesson.studio_lesson, name="studio_lesson", who=STUDIO),
    page("kelola/modul/pelajaran/<int:activity_id>/simpan/", lesson.save_lesson, name="save_lesson", who=WRITERS),
    page("kelola/modul/pelajaran/<int:activity_id>/hadir/", lesson.beat, name="lesson_beat", who=STUDIO),
    page("kelola/modul/pelajaran/<int:activity_id>/pratinjau/", lesson.preview, name="lesson_preview", who=STUDIO),
    page("kelola/modul/tempel/", lesson.paste, name="paste", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/pindah/", outline.move, name="move", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/arsip/", outline.archive, name="archive", who=WRITERS),
    page("kelola/modul/kursus/baru/", settings.new_course, name="new_course", who=Who.ADMIN),
    page("kelola/modul/kursus/<int:course_id>/pengaturan/", settings.course_settings, name="course_settings", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/salin/", settings.copy_course, name="copy_course", who=Who.ADMIN),
    page("kelola/modul/kursus/<int:course_id>/arsipkan/", settings.archive_course, name="archive_course", who=Who.ADMIN),
    page("kelola/modul/kursus/<int:course_id>/kembalikan/", settings.bring_course_back, name="bring_course_back", who=Who.ADMIN),
    page("kelola/modul/kursus/<int:course_id>/arsip/", outline.archive_list, name="archive_list", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/riwayat/", history.course_history, name="course_history", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/bagian-baru/", outline.add_to_course, name="add_to_course", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/modul-baru/", outline.add_module, name="add_module", who=WRITERS),
    page("kelola/modul/<int:module_id>/bagian-baru/", outline.add_to_module, name="add_to_module", who=WRITERS),
    page("kelola/modul/<int:module_id>/pindah/", outline.move_module, name="move_module", who=WRITERS),
    page("kelola/modul/<int:module_id>/salin/", outline.copy_module, name="copy_module", who=WRITERS),
    page("kelola/modul/<int:module_id>/arsip/", outline.archive_module, name="archive_module", who=WRITERS),
    page("kelola/modul/<int:module_id>/kembali/", outline.bring_module_back, name="bring_module_back", who=WRITERS),
    page("kelola/modul/<int:module_id>/riwayat/", history.module_history, name="module_history", who=STUDIO),
    page("kelola/modul/bagian/<int:activity_id>/", outline.part, name="part", who=STUDIO),
    page("kelola/modul/bagian/<int:activity_id>/salin/", outline.copy, name="copy", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/kembali/", outline.bring_back, name="bring_back", who=WRITERS),
    page("kelola/modul/bagian/<int:activity_id>/riwayat/", history.part_history, name="part_history", who=STUDIO),
    page("kelola/modul/riwayat/<int:revision_id>/", history.revision, name="revision", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/", outline.studio_course, name="studio_course", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/gambar/", media.old_address, name="images", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/pustaka/", media.shelf, name="library", who=STUDIO),
    page("kelola/modul/media/<int:media_id>/", media.item, name="media_item", who=STUDIO),
    page("kelola/modul/media/<int:media_id>/potong/", media.cut, name="media_cut", who=WRITERS),
    page("kelola/modul/media/<int:media_id>/ganti/", media.replace, name="media_replace", who=WRITERS),
    page("kelola/modul/media/<int:media_id>/arsip/", media.archive, name="media_archive", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/pustaka/pilih/", media.pick, name="media_pick", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/pustaka/tambah/", media.add, name="media_add", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/bawa/", packages.packages, name="packages", who=STUDIO),
    page("kelola/modul/kursus/<int:course_id>/bawa/masuk/", packages.bring_in, name="bring_in", who=WRITERS),
    page("kelola/modul/kursus/bawa-masuk/", packages.bring_new, name="bring_new", who=Who.ADMIN),
    page("kelola/modul/paket/<int:package_id>/", packages.package, name="package", who=STUDIO),
    page("kelola/modul/paket/<int:package_id>/berkas/", packages.package_file, name="package_file", who=STUDIO),
    page("kelola/modul/arsip-masuk/<int:arrival_id>/", packages.arrival, name="arrival", who=WRITERS),
    page("kelola/modul/arsip-masuk/<int:arrival_id>/buang/", packages.drop_arrival, name="drop_arrival", who=WRITERS),
    page("kelola/modul/kursus/<int:course_id>/terbit/", releases.publish_course, name="publish_course", who=PUBLISHERS, fresh_proof=True),
]

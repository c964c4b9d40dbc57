"""How a lesson is written: one live sample of every block, for the authors' page and for the editor's «Sisipkan».

The samples are also what the tests render, check and print, so the page cannot show what the portal does not do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from linimasa import blocks, markdown

from . import checks
from .media import showing
from .models import Media, MediaKind

PICTURE = "nama-gambar.svg"


@dataclass(frozen=True, slots=True)
class Sample:
    """One block: its name (as in ``linimasa.blocks``), a title, what it is for, and a text that shows it."""

    name: str
    title: str
    purpose: str
    text: str


INLINE = Sample(
    "tulisan",
    "Tulisan, istilah, dan nomor",
    "Judul bagian diawali ##; {tujuan 1} sesudahnya menandai tujuan yang diajarkan dan tidak terlihat oleh peserta. "
    "[[istilah]] menuju glosarium. Nomor {#1} hanya dipakai di dalam unggahan, surel, dan layar.",
    """## Frasa sandi yang panjang {tujuan 1}

Tulis kalimat pendek. Pakai **tebal** untuk kata penting, `kode` untuk yang diketik, dan [tautan](https://www.lapor.go.id).

Simpan semuanya di [[pengelola kata sandi]], lalu nyalakan [[autentikasi dua faktor|faktor kedua]].

- butir pertama
- butir kedua

| Kanal | Penanggung jawab |
|---|---|
| Halaman Facebook | Sekretariat |
| Saluran WhatsApp | Bidang IKP |
""",
)

SAMPLES: tuple[Sample, ...] = (
    Sample(
        "situasi",
        "Situasi",
        "Membuka pelajaran: kejadian nyata di kantor daerah yang dijawab oleh pelajaran itu.",
        """/// situasi | Senin pagi di Diskominfo Kabupaten Sukamaju
Pukul 07.40 WIB, Ibu Ratna menerima telepon. Admin lama sudah pindah tugas, tetapi namanya masih tercantum sebagai pengelola.
///
""",
    ),
    Sample(
        "contoh",
        "Contoh",
        "Membingkai contoh apa pun: tabel, kalender, daftar, atau naskah sebelum dan sesudah.",
        """/// contoh | Kalender satu pekan
| Hari | Pilar | Pesan inti |
|---|---|---|
| Senin | Layanan | Jadwal loket keliling |
| Rabu | Edukasi | Cara memeriksa tautan |
///
""",
    ),
    Sample(
        "unggahan",
        "Unggahan",
        "Contoh unggahan. Nomor {#1} dijelaskan oleh daftar bernomor di akhirnya. Sesudah garis tegak kedua: keterangan kecil.",
        """/// unggahan | Info Warga Kota {#1} | Baru dibuat, 14 pengikut
TOLONG SEBARKAN! Jembatan utama putus pagi ini. {#2}

1. **Akun** baru dan pengikutnya sedikit.
2. **Kalimat** mendesak orang untuk menyebarkan.
///
""",
    ),
    Sample(
        "obrolan",
        "Obrolan",
        "Contoh percakapan. Tiap pesan satu paragraf yang diawali nama dan waktu. Petugas, Admin, Bot, dan Satgas di pihak instansi.",
        """/// obrolan | Layanan Dukcapil Kota Muara Indah
Warga, 09.12 WITA: Apakah KTP saya sudah jadi?

Petugas, 09.15 WITA: Selamat pagi, Bapak. Mohon kirim nomor registrasinya saja, bukan foto KTP.
///
""",
    ),
    Sample(
        "surel",
        "Surel",
        "Contoh surel. Paragraf pertama berisi Dari, Kepada, dan Waktu.",
        """/// surel | Halaman Anda melanggar hak cipta {#1}
Dari: Dukungan Meta
Kepada: admin dinas
Waktu: Senin, 21.10 WIB

Halaman Anda akan dihapus dalam 24 jam. {#2}

1. Judul menakut-nakuti.
2. Tenggat dibuat singkat supaya Anda tidak memeriksa.
///
""",
    ),
    Sample(
        "layar",
        "Layar",
        "Gambaran layar dengan kata-kata. Jangan menempelkan tangkapan layar atau logo.",
        """/// layar | Kata Sandi dan Keamanan
- Autentikasi dua faktor: **aktif** {#1}
- Tempat Anda masuk: 3 perangkat {#2}

1. Pastikan metodenya aplikasi autentikator atau kunci sandi.
2. Keluarkan perangkat yang tidak dikenal.
///
""",
    ),
    Sample(
        "gambar",
        "Gambar",
        "Gambar dari pustaka kursus. Paragraf pertama teks alternatif, paragraf kedua keterangan yang terlihat.",
        """/// gambar | nama-gambar.svg
Lembar inventaris akun: tiap baris memuat nama kanal, tautan, surel pemulihan, dan dua penanggung jawab.

Satu baris untuk satu kanal, dengan dua nama di kolom terakhir.
///
""",
    ),
    Sample(
        "audio",
        "Audio",
        "Rekaman dari pustaka, dengan sebaris keterangan. Transkrip wajib ada di halamannya dalam pustaka. Tidak berbunyi sendiri.",
        """/// audio | 0123456789abcdef.mp3
Wawancara dengan petugas layanan pengaduan.
///
""",
    ),
    Sample(
        "video",
        "Video pendek",
        "Video dari pustaka kursus. Takarir (WebVTT) dan transkrip wajib ada. Ukurannya tertulis, dan baru dimuat bila diputar.",
        """/// video | 0123456789abcdef.mp4
Cara menyalakan verifikasi dua langkah.
///
""",
    ),
    Sample(
        "berkas",
        "Dokumen",
        "Dokumen dari pustaka kursus untuk diunduh, misalnya formulir.",
        """/// berkas | 0123456789abcdef.docx
Formulir serah terima akun.
///
""",
    ),
    Sample(
        "fakta",
        "Fakta yang dapat berubah",
        "Kunci fakta, tanggal tinjau berikutnya, dan keyakinan: tinggi, sedang, atau belum pasti.",
        """/// fakta | instagram-lima-tagar | 2027-02-20 | tinggi
Instagram membatasi tagar menjadi lima pada satu unggahan.
///
""",
    ),
    Sample(
        "lapangan",
        "Catatan dari lapangan",
        "Kiat singkat dari pengalaman pengajar atau satgas lain.",
        """/// lapangan | Di lapangan
Sinyal lemah? Kirim tangkapan layar kecil ke rekan satgas yang tersambung dan minta ia memeriksanya.
///
""",
    ),
    Sample(
        "daftar-periksa",
        "Daftar periksa",
        "Lima sampai sembilan butir yang dapat dipakai di meja kerja, juga setelah dicetak.",
        """/// daftar-periksa | Sebelum pulang
- Sesi yang tidak dikenal sudah dikeluarkan.
- Kode pemulihan tersimpan di lemari terkunci.
///
""",
    ),
    Sample(
        "cek",
        "Cek pemahaman",
        "Pertanyaan yang tidak dinilai. Setiap pilihan memerlukan umpan balik; «jawaban» adalah nomor pilihan yang tepat.",
        """/// cek | contoh-sms
pertanyaan: Kode melalui SMS lebih baik daripada tidak memakai faktor kedua.
pilihan:
- teks: Benar
  umpan: SMS rawan pengambilalihan kartu SIM, tetapi tetap menambah lapisan.
- teks: Salah
  umpan: Tanpa faktor kedua, kata sandi yang bocor langsung membuka akun.
jawaban: 1
///
""",
    ),
    Sample(
        "kegiatan",
        "Kegiatan",
        "Yang dikerjakan peserta sekarang: berapa lama, langkahnya, dan hasilnya.",
        """/// kegiatan | Isi inventaris akun (15 menit)
1. Tulis semua kanal milik satu perangkat daerah.
2. Tandai kanal yang belum memiliki penanggung jawab kedua.
///
""",
    ),
    Sample(
        "ringkasan",
        "Ringkasan",
        "Paling banyak lima baris di akhir pelajaran.",
        """/// ringkasan
- Akun resmi milik instansi, bukan milik admin.
- Setiap kanal memiliki dua penanggung jawab.
///
""",
    ),
    Sample(
        "sumber",
        "Daftar sumber",
        "Tanggal sesudah garis tegak adalah hari semua sumber terakhir diperiksa. Satu sumber boleh memiliki tanggalnya sendiri.",
        """/// sumber | 2026-11-22
- [SP4N-LAPOR!](https://www.lapor.go.id)
- [Aduan Nomor](https://aduannomor.id) (diperiksa 2026-11-20)
///
""",
    ),
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One button of the editor: what it puts before and after the selection, its icon, and its shortcut as keys joined by +.

    ``before`` of whole lines (a heading, an item) starts with a line end: it is put at the start of each chosen line.
    """

    title: str
    before: str
    after: str = ""
    icon: str = ""
    keys: str = ""


TOOLS = (
    Tool("Judul bagian", "\n## ", "", "heading", "Ctrl+Alt+2"),
    Tool("Tebal", "**", "**", "bold", "Ctrl+B"),
    Tool("Miring", "_", "_", "italic", "Ctrl+I"),
    Tool("Daftar", "\n- ", "", "list", "Ctrl+Shift+8"),
    Tool("Langkah bernomor", "\n1. ", "", "list-ordered", "Ctrl+Shift+7"),
    Tool("Tautan", "[", "](https://)", "link", "Ctrl+K"),
    Tool("Istilah glosarium", "[[", "]]", "book-open", "Ctrl+Alt+K"),
)


_WORDS = {"transcript": "Selamat pagi. Berikut penjelasannya.", "captions": "WEBVTT\n\n00:00.000 --> 00:02.000\nSelamat pagi.\n"}
RECORDINGS = (
    Media(kind=MediaKind.AUDIO, file="course-media/0123456789abcdef.mp3", title="Wawancara", seconds=125, size=1_900_000, **_WORDS),
    Media(
        kind=MediaKind.VIDEO, file="course-media/0123456789abcdef.mp4", title="Verifikasi dua langkah", seconds=90, size=6_200_000, **_WORDS
    ),
    Media(kind=MediaKind.DOCUMENT, file="course-media/0123456789abcdef.docx", title="Formulir serah terima akun", size=48_000),
)


def shown(sample: Sample, picture: Media | None = None) -> SafeString:
    """The sample as readers see it, ids kept apart from the other samples': its check with every option's feedback, and in the place of
    the sample's picture this one of the library."""
    html = markdown.render(sample.text, id_prefix=f"{sample.name}-")
    html = showing.shown(html, {one.written: one for one in RECORDINGS})
    if picture is not None:
        html = markdown.with_pictures(html, {f"/m/{PICTURE}": (picture.url, picture.width, picture.height)})
    return checks.with_answers(html, sample.text)


def missing() -> set[str]:
    """The blocks that have no sample yet: none, or the page would be incomplete."""
    return {block.NAME for block in blocks.ALL} - {sample.name for sample in SAMPLES}

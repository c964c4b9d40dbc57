"""Help inside the studio: one short page for each task, in numbered steps that quote what stands on the pages.

What stands in «…» is the label of a button, link or field of today's pages; a test looks for each of them in the templates and forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LABEL = re.compile(r"«([^»]+)»")


@dataclass(frozen=True)
class Task:
    """One page of help. ``words``: what people may look for that does not stand in the text."""

    slug: str
    title: str
    summary: str
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()
    words: str = ""

    def labels(self) -> list[str]:
        """Every label that the page quotes."""
        return LABEL.findall(" ".join((*self.steps, *self.notes)))

    def shown_steps(self) -> Iterator[list[tuple[bool, str]]]:
        """Each step in pieces: whether it is a label, and its words."""
        return (pieces(step) for step in self.steps)

    def shown_notes(self) -> Iterator[list[tuple[bool, str]]]:
        return (pieces(note) for note in self.notes)


def pieces(text: str) -> list[tuple[bool, str]]:
    """The text cut at its labels."""
    return [(number % 2 == 1, part) for number, part in enumerate(LABEL.split(text)) if part]


TASKS = (
    Task(
        "menulis-pelajaran",
        "Menulis pelajaran",
        "Dari halaman kosong sampai draf yang rapi.",
        (
            "Buka kursus di Studio, lalu pilih pelajarannya di susunan.",
            "Tulis langsung di lembar naskah. Tulisan tersimpan sendiri; tunggu kata Tersimpan.",
            "Tekan «Sisipkan» untuk ringkasan, cek pemahaman, contoh, dan blok lain.",
            "Tempel teks dari pengolah kata atau tabel dari lembar kerja; hasilnya dibersihkan menjadi Markdown.",
            "Lihat «Pratinjau» pada lebar ponsel dan lebar meja.",
            "Buka daftar «Pemeriksaan naskah» dan perbaiki yang ditandai.",
        ),
        (
            "Bila rekan menulis bagian yang sama, kedua tulisan ditampilkan dan Anda memilih. Tidak ada yang tertimpa diam-diam.",
            "Bila sinyal putus, teruskan menulis. Tulisan disimpan di perangkat dan dikirim saat tersambung.",
            "Semua pintasan ada di «Pintasan papan ketik».",
        ),
        "markdown editor toolbar tempel word autosave simpan",
    ),
    Task(
        "menyusun-modul",
        "Menyusun modul",
        "Menambah, memindah, menyalin, dan mengarsipkan bagian.",
        (
            "Di halaman kursus, isi «Judul modul baru», lalu tekan «Tambah modul».",
            "Buka modulnya, tekan «Tambah bagian», pilih jenisnya, lalu tekan «Tambah».",
            "Nyalakan «Ubah urutan», lalu seret pegangannya atau tekan tombol naik dan turun.",
            "Tekan «Atur» pada sebuah bagian untuk judul, menit, «Pindahkan», «Salin», atau «Arsipkan».",
            "Isi ringkasan dan sasaran modul lewat «Atur modul».",
        ),
        ("Yang diarsipkan tidak hilang: buka «Arsip», lalu tekan «Kembalikan».",),
        "susunan outline urutan geser drag hapus",
    ),
    Task(
        "gambar-dan-rekaman",
        "Gambar, rekaman, dan berkas",
        "Mengunggah ke pustaka dan memakainya di pelajaran.",
        (
            "Di editor tekan «Gambar dan berkas», lalu pilih berkas pada «Unggah yang baru». Gambar juga boleh dijatuhkan ke tulisan.",
            "Isi «Teks alternatif»: apa yang terlihat dan mengapa penting. Tanpa itu gambar belum dapat dipakai.",
            "Tekan «Unggah dan sisipkan».",
            "Potong gambar dan pilih titik fokusnya di «Pustaka media», bagian «Potongan dan titik fokus».",
            "Untuk audio dan video, unggah «Takarir (WebVTT)» dan tulis «Transkrip».",
            "Ganti berkas lama lewat «Ganti berkas»; semua pelajaran yang memakainya ada di «Dipakai di».",
        ),
        (),
        "foto video audio suara subtitle caption alt crop pdf lampiran unggah",
    ),
    Task(
        "membuat-kuis",
        "Membuat kuis",
        "Menulis soal di bank, lalu menyusun kuisnya.",
        (
            "Buka kuisnya di susunan, lalu tekan «Bank soal».",
            "Tekan «Soal baru», pilih jenisnya, tulis «Pertanyaan», pilihan, kunci, dan «Penjelasan».",
            "Tekan «Simpan soal», lalu ulangi untuk soal berikutnya.",
            "Kembali ke kuis. Pada «Rancangan soal» pilih «Bank modul» dan isi «Jumlah soal».",
            "Tekan «Periksa tanpa menyimpan», lalu «Simpan draf».",
            "Kerjakan sendiri lewat «Coba sebagai peserta». Hasilnya tidak disimpan.",
        ),
        ("Tulis umpan balik pada setiap pilihan: peserta belajar paling banyak dari situ.",),
        "soal ujian tes bank pilihan ganda",
    ),
    Task(
        "tugas-praktik",
        "Membuat tugas praktik",
        "Petunjuk, yang dikirim, dan cara menilainya.",
        (
            "Tambahkan bagian berjenis Tugas praktik di susunan.",
            "Di halaman aturannya tekan «Bank soal», lalu buka soal tugasnya.",
            "Isi «Petunjuk» dan «Yang dikirim», satu baris satu hal.",
            "Isi kriteria, bobotnya (jumlahnya 100), dan tingkat dari yang terbaik.",
            "Tekan «Simpan versi baru».",
            "Kembali ke aturan tugas: atur «Kesempatan» dan batas lulus, lalu tekan «Simpan draf».",
        ),
        (),
        "rubrik penilaian assignment kriteria",
    ),
    Task(
        "mengirim-dan-meninjau",
        "Mengirim dan meninjau draf",
        "Orang kedua melihat dulu sebelum peserta.",
        (
            "Tekan «Tinjau dan terbitkan» pada modulnya. Halaman itu menyebut yang berubah dan yang masih menghalangi.",
            "Isi «Apa yang berubah», lalu tekan «Kirim untuk ditinjau».",
            "Peninjau membaca perubahan dan menulis catatan pada bagian yang dimaksud. Penulis menjawab di bawahnya.",
            "Peninjau menekan «Setujui», atau «Kembalikan dengan catatan».",
            "Penulis dapat menarik drafnya dengan «Tarik dari peninjauan».",
        ),
        ("Yang menyetujui bukan yang menulis. Bila draf berubah sesudah disetujui, perlu dilihat sekali lagi.",),
        "review setuju persetujuan komentar catatan",
    ),
    Task(
        "menerbitkan-dan-menjadwalkan",
        "Menerbitkan dan menjadwalkan",
        "Versi baru sekarang, atau pada waktu yang Anda tentukan.",
        (
            "Buka modul yang sudah disetujui, lalu tekan «Terbitkan».",
            "Baca akibatnya: angkatan mana yang memakai versi ini dan siapa yang sedang di tengah belajar.",
            "Pilih «Kapan terbit». Untuk nanti, isi «Tanggal terbit» dan «Pukul».",
            "Tekan «Terbitkan versi».",
            "Berubah pikiran? Tekan «Batalkan jadwal».",
        ),
        ("Angkatan yang sedang berjalan tetap memakai versinya. Kemajuan yang sudah diperoleh tidak pernah berkurang.",),
        "publikasi rilis jadwal tanggal",
    ),
    Task(
        "memindahkan-angkatan",
        "Memindahkan angkatan ke versi lain",
        "Hanya bila angkatan yang sedang berjalan perlu isi terbaru.",
        (
            "Buka angkatannya, lalu «Versi modul».",
            "Tekan «Lihat akibatnya dan pindahkan» pada modul yang dimaksud.",
            "Baca «Akibat bagi peserta»: bagian apa yang bertambah, berubah, atau hilang bagi mereka.",
            "Tekan «Pindahkan ke versi».",
        ),
        ("Nilai dan kemajuan yang sudah diperoleh tetap ada.",),
        "cohort kelas pindah versi",
    ),
    Task(
        "meninjau-ulang-fakta",
        "Meninjau ulang pelajaran dan fakta",
        "Isi yang menua ditinjau pada waktunya.",
        (
            "Di Studio tekan «Tinjau ulang» untuk melihat yang jatuh tempo.",
            "Buka pelajarannya, bandingkan dengan sumbernya, lalu perbaiki drafnya bila perlu.",
            "Isi «Tinjau lagi pada», lalu tekan «Sudah saya tinjau».",
            "Bila isinya sedang diragukan, tulis «Catatan untuk peserta» dan tekan «Pasang tanda». Peserta melihatnya.",
            "Sesudah pasti, tekan «Lepas tanda».",
        ),
        ("Penanggung jawab pelajaran diingatkan lewat surel.",),
        "kedaluwarsa tanggal fresh basi fakta",
    ),
    Task(
        "kanal-rujukan",
        "Memeriksa kanal rujukan",
        "Aduan Konten dan kanal lain harus benar-benar berfungsi.",
        (
            "Di Studio tekan «Tinjau ulang», lalu «Kanal rujukan».",
            "Buka alamat kanalnya sendiri dan pastikan masih berfungsi.",
            "Di halaman kanal pilih «Keadaan», isi «Periksa lagi pada», lalu tekan «Sudah diperiksa hari ini».",
            "Kanal baru ditambahkan dengan «Tambah kanal».",
        ),
        ("Pelajaran yang menyebut kanal itu tampil di «Disebut di».",),
        "aduankonten lapor tautan link rusak",
    ),
    Task(
        "istilah-dan-catatan",
        "Menulis istilah, fakta, salah paham, dan panduan",
        "Yang menyertai kursus dan terbit bersamanya.",
        (
            "Buka kursusnya di Studio. Di «Yang menyertai kursus» pilih «Istilah», «Fakta yang mudah berubah», «Salah paham», "
            "atau «Panduan pengajar».",
            "Pilih yang akan diubah atau tekan «Tambah», isi, lalu tekan «Simpan draf». Panduan dilihat dulu dengan «Lihat hasilnya».",
            "Lihat «Dipakai di»: pelajaran, panduan, dan soal yang memakainya.",
            "Yang tidak dipakai lagi dikeluarkan dengan «Keluarkan dari draf». Kembalikan lewat «Riwayat» bila keliru.",
        ),
        ("Yang masih ditautkan pelajaran atau dipakai soal tidak dapat dikeluarkan.",),
        "glosarium miskonsepsi kamus definisi facts guide",
    ),
    Task(
        "mengekspor-dan-mengimpor",
        "Membawa kursus keluar dan masuk",
        "Arsip kursus, Common Cartridge, dan SCORM.",
        (
            "Di halaman kursus buka «Bawa keluar dan masuk».",
            "Pilih «Yang dibawa» dan «Bentuk», lalu tekan «Buat berkas». Halaman memberi tahu bila siap.",
            "Untuk membawa masuk, tekan «Pilih arsip», lalu «Periksa arsip».",
            "Baca yang akan terjadi. Kesalahan disebut dengan nama berkas dan barisnya.",
            "Tekan «Masukkan sebagai draf».",
        ),
        ("Yang masuk selalu menjadi draf. Tidak ada yang terbit sendiri.",),
        "ekspor impor zip scorm cartridge unduh lms moodle",
    ),
    Task(
        "memulihkan-riwayat",
        "Melihat riwayat dan memulihkan",
        "Siapa mengubah apa, kapan, dan jalan kembali.",
        (
            "Buka «Riwayat» pada kursus, modul, atau bagian.",
            "Pilih satu perubahan. Halaman menyebut yang diubah waktu itu dengan kata-kata.",
            "Lihat «Bila dipulihkan, draf sekarang berubah», lalu tekan «Pulihkan keadaan ini».",
            "Untuk kembali ke versi yang pernah terbit, buka «Versi», lalu tekan «Jadikan draf».",
        ),
        ("Memulihkan hanya mengubah draf. Keadaan sebelumnya tetap tersimpan, jadi pemulihan pun dapat dibatalkan.",),
        "undo batal kembali history rollback versi lama",
    ),
)
BY_SLUG = {task.slug: task for task in TASKS}


def find(query: str) -> list[Task]:
    """The tasks in which every word of the query occurs, those with it in their title first; all of them for an empty query."""
    words = query.casefold().split()
    found = [task for task in TASKS if all(word in _text(task) for word in words)]
    return sorted(found, key=lambda task: not all(word in task.title.casefold() for word in words))


def _text(task: Task) -> str:
    return " ".join((task.title, task.summary, *task.steps, *task.notes, task.words)).casefold()

"""What each number on the pages means and where it comes from; the pages show these words."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """A term, what it says and how it is computed, and its source."""

    term: str
    text: str
    source: str


OF_QUIZ = (
    Definition(
        "Siapa yang dihitung",
        "Satu percobaan tiap peserta: percobaan pertama yang sudah dinilai seluruhnya, atau yang terakhir bila Anda memilihnya. Yang masih "
        "berjalan atau menunggu pengajar belum masuk.",
        "Percobaan pertama lazim dipakai karena belum dipengaruhi umpan balik: Moodle, Quiz statistics report.",
    ),
    Definition(
        "Nilai",
        "Rata-rata poin seluruh soal percobaan, 0 sampai 100. Soal yang dilewati menyumbang 0, sama seperti pada nilai peserta. Median dan "
        "simpangan baku dihitung dari nilai ini.",
        "Aturan nilai kursus ini; simpangan baku dengan pembagi n − 1.",
    ),
    Definition(
        "Keandalan (alfa Cronbach)",
        "Seberapa ajek nilai bila soalnya setara, paling tinggi 1. Bila tiap peserta mendapat soal acak yang berbeda, alfa dihitung dari "
        "kovarians semua pasangan soal yang dikerjakan bersama, lalu disesuaikan ke panjang kuis dengan rumus Spearman–Brown. Bila soalnya "
        "sama, hasilnya persis alfa Cronbach.",
        "Cronbach (1951), Psychometrika 16, 297–334; Crocker & Algina (1986), bab 7.",
    ),
    Definition(
        "Galat baku pengukuran",
        "Simpangan baku nilai dikali √(1 − alfa). Nilai sebenarnya dua dari tiga peserta berada dalam jarak ini dari nilai yang didapat.",
        "Lord & Novick (1968); Crocker & Algina (1986).",
    ),
)
OF_QUESTION = (
    Definition(
        "Tepat (tingkat kemudahan)",
        "Rata-rata poin mereka yang menjawab. Yang melewatkan soal tidak dianggap keliru: bagiannya disebut sendiri. Halaman soal juga "
        "menyebut angka dengan yang melewatkan dihitung 0. Tidak ada koreksi tebakan, karena tidak semua menebak secara acak.",
        "Ebel & Frisbie (1991), Essentials of Educational Measurement; Crocker & Algina (1986), bab 14.",
    ),
    Definition(
        "Daya beda",
        "Korelasi antara poin soal ini dan rata-rata poin soal lain pada percobaan yang sama, −1 sampai 1 (korelasi poin-biserial yang "
        "dikoreksi: soalnya sendiri tidak ikut). Mendekati 1: yang menguasai materi menjawab tepat. Mendekati 0: soal tidak membedakan. Di "
        "bawah 0: periksa kuncinya. Kurang dari 0,2 sangat lemah, 0,2 lemah, 0,3 cukup, 0,4 ke atas kuat.",
        "Henrysson (1963), Psychometrika 28, 211–218; batas: Ebel (1954).",
    ),
    Definition(
        "Kelompok atas dan bawah",
        "27% peserta dengan nilai tertinggi dan 27% dengan nilai terendah; nilai yang sama di batas berbagi tempat. Indeks D adalah "
        "selisih "
        "rata-rata poin kedua kelompok.",
        "Kelley (1939), Journal of Educational Psychology 30, 17–24.",
    ),
    Definition(
        "Pengecoh",
        "Bagian yang memilih tiap pilihan di antara semua yang mendapat soal ini. Pada pilihan ganda satu orang bisa memilih beberapa.",
        "Haladyna & Rodriguez (2013), Developing and Validating Test Items.",
    ),
    Definition(
        "Waktu",
        "Jarak antara simpanan terakhir soal ini dan simpanan sebelumnya pada percobaan yang sama, menurut jam server: median dan kuartil.",
        "Kuartil: Hyndman & Fan (1996), tipe 7.",
    ),
    Definition(
        "Kelompok kecil",
        "Angka tentang kurang dari 5 orang tidak ditampilkan. Tanda muncul bila sedikitnya 20 orang menjawab, karena di bawah itu "
        "kebetulan "
        "terlalu berperan.",
        "Batas pengungkapan: Hundepool dkk. (2012), Statistical Disclosure Control; batas 20: aturan portal ini.",
    ),
    Definition(
        "Tepat menurut nilai",
        "Rata-rata poin soal ini pada tiap seperlima peserta, dari nilai terendah sampai tertinggi. Pada soal yang baik angkanya naik.",
        "Crocker & Algina (1986), bab 15: grafik butir empiris.",
    ),
    Definition(
        "Tanda",
        "Kunci mungkin keliru: di kelompok atas ada pengecoh yang lebih banyak dipilih daripada kunci, dan lebih banyak daripada di "
        "kelompok bawah. Membingungkan: satu pengecoh dipilih lebih banyak daripada kunci. Terbalik: daya beda di bawah 0. Tidak "
        "membedakan: di bawah 0,2. Terlalu mudah: tepat 95% ke atas. Terlalu sulit: 10% ke bawah. Banyak dilewati: lebih dari 10%. Waktu "
        "jauh lebih lama: dua kali median soal kuis ini dan 30 detik lebih. Pengecoh mati: tidak dipilih siapa pun.",
        "Batas mudah dan sulit: Moodle, Quiz statistics report; daya beda: Ebel (1954); pengecoh: Haladyna & Rodriguez (2013).",
    ),
)
OF_GAIN = (
    Definition(
        "Kenaikan",
        "Selisih nilai tes akhir dan tes awal peserta yang mengerjakan keduanya, dengan selang kepercayaan 95% menurut t Student "
        "berpasangan.",
        "Student (1908), Biometrika 6, 1–25.",
    ),
    Definition(
        "Kenaikan ternormalisasi",
        "Kenaikan rata-rata dibagi kenaikan yang masih mungkin. Di bawah 0,3 rendah, 0,3 sampai 0,7 sedang, di atasnya tinggi.",
        "Hake (1998), American Journal of Physics 66, 64–74.",
    ),
    Definition(
        "Besar efek (d)",
        "Kenaikan dibagi akar rata-rata kedua varians (d rata-rata), sehingga dapat dibandingkan dengan kursus lain. Sekitar 0,2 kecil, "
        "0,5 "
        "sedang, 0,8 besar. Selang kepercayaannya 95%.",
        "Cohen (1988); Lakens (2013), Frontiers in Psychology 4:863; selang: Bonett (2008), Psychological Methods 13, 99–109.",
    ),
)

"""What the people of the demo's Angkatan II are called, write and say. All of them are fictional."""

from __future__ import annotations

from typing import Any

CLASS = (
    ("abdul.rahman", "Abdul Rahman Saleh", "S.I.Kom.", "35.08"),
    ("agnes.lestari", "Agnes Lestari Sihombing", "S.Kom.", "12.12"),
    ("ahmad.fauzan", "Ahmad Fauzan", "A.Md.", "18.01"),
    ("anak.agung", "Anak Agung Sagung Mirah", "S.Sos.", "51.71"),
    ("aprianus.tefa", "Aprianus Tefa", "", "53.04"),
    ("baiq.nurhayati", "Baiq Nurhayati", "S.I.Kom.", "52.71"),
    ("bambang.wijanarko", "Bambang Wijanarko", "S.T.", "33.29"),
    ("bonefasius.kaize", "Bonefasius Kaize", "", "93.01"),
    ("cahyani.puspitasari", "Cahyani Puspitasari", "S.Pd.", "33.03"),
    ("daeng.mappasessu", "Daeng Mappasessu", "S.Sos.", "73.13"),
    ("desi.ratnasari", "Desi Ratnasari", "S.Kom.", "36.01"),
    ("dominggus.pattinama", "Dominggus Pattinama", "", "81.71"),
    ("elisabet.wenda", "Elisabet Wenda", "A.Md.", "95.05"),
    ("fajar.nugroho", "Fajar Nugroho", "S.I.Kom.", "35.71"),
    ("fitri.handayani", "Fitri Handayani", "S.E.", "13.07"),
    ("gede.suardana", "Gede Suardana", "S.Kom.", "51.08"),
    ("hasnawati", "Hasnawati", "S.Sos.", "74.03"),
    ("herlina.mandacan", "Herlina Mandacan", "", "92.02"),
    ("i.made", "I Made Wirawan", "S.T.", "51.04"),
    ("jainal.abidin", "Jainal Abidin", "A.Md.", "64.03"),
    ("katarina.bulu", "Katarina Bulu", "S.I.Kom.", "53.18"),
    ("la.ode", "La Ode Safrudin", "", "74.12"),
    ("lestari.widyaningrum", "Lestari Widyaningrum", "S.Kom.", "34.71"),
    ("maria.goreti", "Maria Goreti Nona", "S.Sos.", "53.07"),
    ("muhammad.iqbal", "Muhammad Iqbal", "S.I.Kom.", "11.13"),
    ("nining.suryani", "Nining Suryani", "A.Md.", "32.04"),
    ("nur.aisyah", "Nur Aisyah", "S.Sos.", "72.02"),
    ("oktavianus.tandi", "Oktavianus Tandi", "S.Kom.", "73.22"),
    ("petrus.kogoya", "Petrus Kogoya", "", "94.01"),
    ("rahmat.hidayat", "Rahmat Hidayat", "S.H.", "15.08"),
    ("rina.marlina", "Rina Marlina", "S.E.", "19.71"),
    ("slamet.riyadi", "Slamet Riyadi", "S.I.Kom.", "35.04"),
    ("sri.wahyuni", "Sri Wahyuni", "S.Pd.", "18.07"),
    ("theresia.mamahit", "Theresia Mamahit", "S.Sos.", "71.71"),
    ("yohanes.seran", "Yohanes Seran", "A.Md.", "53.04"),
    ("zulkarnain", "Zulkarnain", "S.Kom.", "21.72"),
)
WRONG_KEY: dict[str, Any] = {
    "text": "Kapan sebuah klarifikasi sebaiknya menyebut kabar kelirunya?",
    "choices": [
        "Pada judul dan kalimat pertama, supaya warga mengenali kabarnya",
        "Berulang-ulang di seluruh naskah, supaya tidak ada yang terlewat",
        "Sekali saja, sesudah faktanya disampaikan",
        "Tidak pernah, karena menyebutnya selalu berbahaya",
    ],
    "key": "A",
    "misconceptions": {"B": "hoaks-perlu-ditampilkan", "D": "hoaks-perlu-ditampilkan"},
    "feedback": "Dahulukan fakta, sebut kabar kelirunya satu kali, lalu tutup dengan fakta lagi.",
}
DOUBTFUL: dict[str, Any] = {
    "text": "Sebuah kabar keliru baru dibagikan belasan orang, tetapi menyangkut keselamatan warga. Apa tindakan pertama satgas?",
    "choices": [
        "Membantahnya saat itu juga di semua akun resmi",
        "Memantau sebarannya dan menyiapkan naskah klarifikasi",
        "Memastikan faktanya kepada pemilik data, lalu memutuskan dengan matriks",
        "Menunggu arahan tertulis pimpinan sebelum berbuat apa pun",
    ],
    "key": "B",
    "misconceptions": {"A": "semua-kabar-disamakan", "C": "semua-kabar-disamakan", "D": "menunggu-lengkap"},
    "feedback": "Bahaya dan sebaran menentukan tanggapan; faktanya dipastikan lebih dulu.",
}
# What those who have understood the lesson choose, whatever the key says.
HELD = {WRONG_KEY["text"]: "C", DOUBTFUL["text"]: "C"}
SHORT = ("belum tahu", "menunggu arahan", "lihat catatan di modul", "tergantung keadaan")
# What a person has to read: near to what the key knows, and not among its words.
NEAR = {
    "M4-07": ("satu jam", "sekitar satu jam", "paling lama sejam", "1 jam"),
    "M4-16": ("belum dapat disimpulkan", "masih diperiksa", "belum terverifikasi", "perlu data tambahan"),
}
WORKS = {
    "M1-TUGAS": (
        "Kanal yang diaudit: Halaman Facebook {agency}.\n\nTemuan: dua mantan admin masih mempunyai akses penuh; autentikasi dua "
        "faktor aktif pada empat dari enam pengelola; kode pemulihan belum dicetak.\n\nRencana 30 hari: cabut akses lama pada pekan "
        "pertama, wajibkan autentikasi dua faktor pada pekan kedua, simpan kode pemulihan di brankas sekretariat pada pekan ketiga, "
        "uji serah terima pada pekan keempat dengan berita acara.",
        "Kanal yang diaudit: Instagram {agency}.\n\nTemuan: surel pemulihan masih alamat pribadi staf yang sudah pindah, tiga aplikasi "
        "pihak ketiga tersambung tanpa pemilik, prosedur insiden belum tertulis.\n\nRencana 30 hari: ganti surel pemulihan (admin "
        "utama, tiga hari), cabut aplikasi tersambung (ketua satgas, satu pekan), tulis dan latih prosedur insiden (sekretaris, empat "
        "pekan).",
    ),
    "M2-TUGAS": (
        "Tujuan: warga pesisir mengetahui jadwal layanan keliling {agency} sehari sebelumnya.\n\nPilar: layanan 50%, edukasi 30%, "
        "cerita warga 20%. Delapan unggahan dalam dua pekan, masing-masing dengan takarir dan teks alternatif.\n\nUkuran: pertanyaan "
        "tentang jadwal di kolom komentar turun dari 40 menjadi 15 dalam sepekan.",
        "Tujuan: orang tua mengenali tanda penipuan beasiswa.\n\nPilar: kewaspadaan 60%, layanan 40%. Enam unggahan, dua di antaranya "
        "video pendek bertakarir, tayang pukul 19.00 WIB menurut jam aktif pengikut.\n\nUkuran: simpanan dan kiriman ulang, bukan "
        "tanda suka.",
    ),
    "M3-TUGAS": (
        "Layanan: pengaduan lampu jalan melalui satu nomor WhatsApp resmi {agency}.\n\nAlur: sapaan dan pemberitahuan privasi, pilihan "
        "bernomor, lokasi, foto, nomor laporan, alih ke petugas pada jam kerja.\n\nTarget balasan pertama sepuluh menit pada jam "
        "kerja. Nomor resmi diumumkan di laman, papan kantor, dan siaran radio daerah.",
        "Layanan: antrean dokumen kependudukan.\n\nAlur: sapaan, pilihan layanan, syarat dokumen, pilihan waktu datang, pengingat "
        "sehari sebelumnya.\n\nPetugas mengambil alih bila warga dua kali belum menemukan jawabannya. Data disimpan tiga puluh hari.",
        "Layanan: informasi bencana melalui Saluran WhatsApp {agency}.\n\nPesan pertama berisi apa yang terjadi, apa yang perlu "
        "dilakukan, dan kapan pembaruan berikutnya. Setiap pesan menyebut sumber data dan waktunya.\n\nPenanggung jawab: dua orang "
        "bergiliran setiap dua belas jam.",
    ),
    "M4-TUGAS": (
        "Kasus: rumor pencemaran air minum.\n\nLog verifikasi: unggahan pertama ditemukan pukul 07.40 WIB, fotonya berasal dari daerah "
        "lain (2019), PDAM memastikan hasil uji keluar pukul 13.00 WIB.\n\nKeputusan: bahaya tinggi, sebaran sedang; pernyataan awal "
        "terbit pukul 08.30 WIB, klarifikasi lengkap pukul 13.15 WIB di Instagram dan Saluran WhatsApp.",
        "Kasus: video lama banjir yang diberi keterangan baru.\n\nVerifikasi: tangkapan layar, penelusuran gambar, konfirmasi ke "
        "BPBD.\n\nKeputusan: bahaya sedang, sebaran tinggi; satu klarifikasi dengan fakta di kalimat pertama, tanpa tautan ke unggahan "
        "keliru.\n\nLinimasa enam jam dengan penanggung jawab dan kanalnya terlampir pada tabel.",
    ),
}
NOTES = (
    "Temuannya jelas dan rencananya dapat dijalankan. Tambahkan bukti selesai untuk setiap tindakan.",
    "Susunannya runtut. Sebutkan juga siapa yang menggantikan bila penanggung jawab berhalangan.",
    "Sudah tepat sasaran. Ukurannya akan lebih kuat bila ada angka awal.",
    "Contohnya dekat dengan keadaan instansi Anda. Pertahankan.",
    "Alurnya sudah baik. Lengkapi target waktu balasan dan siapa yang mengambil alih di luar jam kerja, lalu kirim lagi.",
    "Tambahkan pemberitahuan privasi pada sapaan dan jelaskan berapa lama data warga disimpan, lalu kirim lagi.",
)

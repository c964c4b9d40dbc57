"""One question of each kind: the rows of the template that people download and fill in."""

from __future__ import annotations

from typing import Any

EXAMPLES: list[dict[str, Any]] = [
    {
        "kind": "single",
        "level": "easy",
        "category": "Contoh/Akun",
        "tags": ["sandi"],
        "text": "Siapa pemilik akun media sosial resmi instansi?",
        "choices": ["Instansi", "Admin yang membuatnya", "Vendor pengelola", "Kepala bagian"],
        "key": "A",
        "feedback_options": {"B": "Admin dapat pindah tugas, akun tetap milik instansi."},
        "misconceptions": {"B": "milik-pembuat"},
        "feedback": "Akun resmi adalah aset instansi, jadi akses pemulihannya juga milik instansi.",
    },
    {
        "kind": "multiple",
        "level": "medium",
        "text": "Mana yang memperkuat akun resmi?",
        "choices": ["Kunci sandi", "Sandi yang sama di semua akun", "Daftar admin yang diperiksa tiap bulan", "Sandi ditempel di meja"],
        "key": ["A", "C"],
        "feedback": "Kunci sandi dan pemeriksaan admin mengurangi jalan masuk; sandi yang sama atau terlihat menambahnya.",
    },
    {
        "kind": "true_false",
        "level": "easy",
        "text": "Kode masuk boleh diberikan kepada petugas bantuan yang menelepon.",
        "key": False,
        "feedback_options": {"true": "Petugas bantuan resmi tidak pernah meminta kode masuk."},
        "feedback": "Kode masuk hanya untuk Anda sendiri.",
    },
    {
        "kind": "scenario",
        "level": "hard",
        "scenario": "Pukul 21.00 WIB akun instansi mengunggah tautan hadiah. Dua admin sedang cuti.",
        "text": "Apa yang dikerjakan lebih dahulu?",
        "choices": ["Menghapus unggahan", "Mencabut semua sesi dan mengganti sandi", "Menunggu pagi", "Membalas komentar"],
        "key": "B",
        "feedback": "Selama sesi penyerang masih ada, unggahan yang dihapus dapat muncul lagi.",
    },
    {
        "kind": "short_answer",
        "level": "medium",
        "text": "Apa nama alat yang menyimpan sandi unik untuk setiap akun?",
        "accepted": ["pengelola kata sandi", "password manager"],
        "feedback": "Pengelola kata sandi membuat dan mengingat sandi yang berbeda untuk setiap akun.",
    },
    {
        "kind": "matching",
        "level": "medium",
        "text": "Jodohkan istilah dengan artinya.",
        "pairs": [
            {"left": "Phishing", "right": "Pesan tiruan yang mencuri sandi"},
            {"left": "Kunci sandi", "right": "Masuk dengan perangkat, tanpa sandi"},
            {"left": "Sesi", "right": "Perangkat yang sedang masuk"},
        ],
        "feedback": "Ketiganya menentukan siapa yang dapat masuk ke akun.",
    },
    {
        "kind": "ordering",
        "level": "hard",
        "text": "Urutkan langkah setelah akun diambil alih.",
        "order": ["Cabut semua sesi", "Ganti sandi", "Periksa daftar admin", "Beri tahu publik"],
        "feedback": "Putus dahulu jalan penyerang, lalu pulihkan, baru jelaskan.",
    },
    {
        "kind": "numeric",
        "level": "medium",
        "text": "Berapa panjang spanduk 450 cm dalam meter?",
        "values": [{"value": 4.5, "tolerance": 0.05}],
        "units": [{"unit": "m", "factor": 1}, {"unit": "cm", "factor": 0.01}],
        "unit_needed": True,
        "feedback": "100 cm adalah 1 m, jadi 450 cm adalah 4,5 m.",
    },
    {
        "kind": "gaps",
        "level": "medium",
        "text": "Lengkapi kalimatnya.",
        "passage": "Simpan sandi di {{1}}, panjangnya sekurang-kurangnya {{2}} huruf, dan ambil kode dari {{3}}.",
        "gaps": [
            {"ask": "text", "accepted": ["pengelola kata sandi", "password manager"]},
            {"ask": "number", "value": 12},
            {"ask": "choice", "choices": ["surel", "pesan singkat", "aplikasi"], "key": "C", "feedback": "Aplikasi tidak dapat dicegat."},
        ],
        "feedback": "Sandi panjang di pengelola kata sandi dan kode dari aplikasi saling melengkapi.",
    },
    {
        "kind": "hotspot",
        "level": "hard",
        "text": "Bagian mana yang menunjukkan situs tiruan?",
        "picture": {"file": "nama-gambar-di-pustaka.webp", "alt": "Layar masuk dengan bilah alamat di atas."},
        "regions": [
            {"name": "Logo", "shape": "rectangle", "at": [5, 20, 20, 15]},
            {"name": "Bilah alamat", "shape": "rectangle", "at": [5, 2, 90, 10]},
            {"name": "Tombol masuk", "shape": "circle", "at": [50, 80, 10]},
        ],
        "key": "B",
        "feedback": "Logo mudah ditiru, alamat tidak.",
    },
]

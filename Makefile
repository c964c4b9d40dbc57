# Linimasa. Two commands do everything: `make run` and `make test`.
.PHONY: run test check bench soak pictures code lock help
.DEFAULT_GOAL := help
PYTHON_HERE := .venv/bin/python

help:
	@echo "make run     menjalankan portal demo di http://localhost:$${PORT:-8000}"
	@echo "make test    semua pengujian (SQLite, PostgreSQL, pekerja, Chromium)"
	@echo "make check   gaya, tipe, templat, migrasi, check --deploy"
	@echo "make bench   ukuran kecepatan di samping dua view Django polos"
	@echo "make soak    pengujian dengan jumlah besar"
	@echo "make pictures   gambar README dari halaman hari ini"
	@echo "make code WHO=alamat   kode faktor kedua sebuah akun demo saat ini"

run:
	@deploy/environment.sh run
	@exec $(PYTHON_HERE) manage.py serve

test:
	@deploy/environment.sh dev
	@exec $(PYTHON_HERE) -m tests.run $(ARGS)

check:
	@deploy/environment.sh dev
	@exec $(PYTHON_HERE) -m tests.check

bench:
	@deploy/environment.sh dev
	@exec $(PYTHON_HERE) -m benchmarks.run $(ARGS)

soak:
	@deploy/environment.sh dev
	@exec $(PYTHON_HERE) -m tests.run --soak $(ARGS)

pictures:
	@deploy/environment.sh dev
	@exec $(PYTHON_HERE) -m tests.pictures

code:
	@deploy/environment.sh run
	@$(PYTHON_HERE) manage.py code "$(WHO)"

# After a change in requirements*.in.
lock:
	@deploy/environment.sh dev
	.venv/bin/uv pip compile --quiet --python-version 3.11.2 --universal --generate-hashes -o requirements-uv.txt requirements-uv.in
	.venv/bin/uv pip compile --quiet --python-version 3.11.2 --universal --generate-hashes -o requirements.txt requirements.in
	.venv/bin/uv pip compile --quiet --python-version 3.11.2 --universal --generate-hashes -o requirements-dev.txt requirements-dev.in

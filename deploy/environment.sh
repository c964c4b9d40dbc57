#!/bin/sh
# Makes .venv from the hash-locked requirements, as an unprivileged user, writing nothing outside this folder and the user's
# package cache. Usage: deploy/environment.sh run|dev. Quick when nothing has changed (a stamp in .venv says so).
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
run) files="requirements.txt" ;;
dev) files="requirements.txt requirements-dev.txt" ;;
*) echo "Pakai: deploy/environment.sh run|dev" >&2; exit 2 ;;
esac

sentence() { echo "linimasa: $*" >&2; exit 1; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || sentence "Python 3 tidak ditemukan. Pasang dengan: sudo apt install python3 python3-venv"
version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11, 2))' ||
	sentence "Python $version terlalu lama. Linimasa memerlukan Python 3.11.2 atau yang lebih baru; tunjuk dengan: PYTHON=/jalan/ke/python3.11 make run"

stamp() { cat $1 requirements-uv.txt | cksum | tr -d '\n'; echo " $version"; }
ready() { [ -x .venv/bin/python ] && [ "$(cat ".venv/ready-$1" 2>/dev/null)" = "$2" ]; }
want_run=$(stamp "requirements.txt")
want_dev=$(stamp "requirements.txt requirements-dev.txt")
if ready dev "$want_dev"; then exit 0; fi
if [ "$kind" = run ] && ready run "$want_run"; then exit 0; fi

# Whoever has the test packages keeps them: `make run` beside a running `make test` must not take them away.
if [ "$kind" = run ] && [ -e .venv/ready-dev ]; then exec "$0" dev; fi

# One at a time: `make run` and `make test` may be started side by side.
if [ "${LINIMASA_LOCKED:-}" = "" ] && command -v flock >/dev/null 2>&1; then
	LINIMASA_LOCKED=1 exec flock deploy/.environment.lock "$0" "$kind"
fi

"$python" -c 'import ensurepip, venv' 2>/dev/null ||
	sentence "python3-venv belum terpasang. Pasang dengan: sudo apt install python3-venv"
[ -w . ] || sentence "Folder $(pwd) tidak dapat ditulisi. Beri izin tulis, atau pindahkan klon ke folder milik Anda."

# A home that is missing or may not be written: keep the package cache inside .venv.
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
if ! { mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ]; }; then
	UV_CACHE_DIR=$(pwd)/.venv/cache; PIP_CACHE_DIR=$UV_CACHE_DIR/pip; export UV_CACHE_DIR PIP_CACHE_DIR
fi
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_REQUIRE_VIRTUALENV=1
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV 2>/dev/null || true

echo "Menyiapkan lingkungan Python ($kind) …"
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null ||
	[ "$(.venv/bin/python -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')" != "$version" ]; then
	"$python" -m venv --clear .venv || sentence "Lingkungan Python tidak dapat dibuat. Pasang dengan: sudo apt install python3-venv"
fi
rm -f .venv/ready-run .venv/ready-dev

arguments=""
for file in $files; do arguments="$arguments -r $file"; done
if .venv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.txt &&
	.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes $files; then
	:
else
	echo "Pemasang cepat tidak berhasil; memakai pip (sekitar satu menit) …"
	.venv/bin/python -m pip install --quiet --require-hashes $arguments ||
		sentence "Paket Python tidak dapat dipasang. Periksa sambungan ke indeks paket, lalu ulangi."
fi
echo "$want_run" >.venv/ready-run
[ "$kind" = run ] || echo "$want_dev" >.venv/ready-dev

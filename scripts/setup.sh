#!/usr/bin/env bash
# The Python environment in .venv and the web client, made only where their sources changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

VENV=.venv
WEB=clients/web
BUILT=hub/edge/client

find_python() {
    local name
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$name" ] && command -v "$name" >/dev/null || continue
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        echo "$name"
        return
    done
}

same_as() { # same_as STAMP FILES…: whether the stamp was made from these very files
    local stamp="$1"
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(sum_of "$@")" ]
}

sum_of() {
    find "$@" -type f 2>/dev/null | LC_ALL=C sort | xargs -r -d '\n' sha256sum | sha256sum | cut -d' ' -f1
}

python_environment() {
    local python stamp="$VENV/.examroom"
    if [ -x "$VENV/bin/examroom" ] && same_as "$stamp" pyproject.toml; then
        return
    fi
    python=$(find_python)
    if [ -z "$python" ]; then
        on_debian_as_root || stop "Python 3.11 or newer is needed: install it, then run make again."
        apt_install python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || stop "apt installed no Python 3.11 or newer: install one, then run make again."
    fi
    if [ ! -x "$VENV/bin/python" ]; then
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            on_debian_as_root || stop "Python's venv module is missing: apt-get install python3-venv."
            apt_install python3-venv
        fi
        quietly "Python environment in $VENV" "$python" -m venv "$VENV"
    fi
    quietly "Python packages" "$VENV/bin/python" -m pip install -q --disable-pip-version-check -e '.[dev]'
    sum_of pyproject.toml >"$stamp"
}

node_is_there() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)'
}

web_client() {
    local packages="$WEB/node_modules/.examroom"
    local parts=("$WEB/src" "$WEB/public" "$WEB/index.html" "$WEB/package.json")
    parts+=("$WEB/package-lock.json" "$WEB/tsconfig.json" "$WEB"/vite.config.*)
    if [ -f "$BUILT/index.html" ] && same_as "$WEB/node_modules/.examroom-client" "${parts[@]}" &&
        same_as "$packages" "$WEB/package.json" "$WEB/package-lock.json"; then
        return
    fi
    if ! node_is_there; then
        on_debian_as_root || stop "Node 20 or newer with npm is needed: install it, then run make again."
        apt_install nodejs npm
        node_is_there || stop "apt's Node is older than 20: install Node 20 or newer, then run make again."
    fi
    if ! same_as "$packages" "$WEB/package.json" "$WEB/package-lock.json"; then
        quietly "Web packages" npm --prefix "$WEB" ci --no-audit --no-fund --loglevel=error
        sum_of "$WEB/package.json" "$WEB/package-lock.json" >"$packages"
    fi
    quietly "Web client" npm --prefix "$WEB" run build --silent
    [ -f "$BUILT/index.html" ] || stop "The web client was built but $BUILT/index.html is not there."
    sum_of "${parts[@]}" >"$WEB/node_modules/.examroom-client"
}

# the client first: the Python build looks for it
web_client
python_environment

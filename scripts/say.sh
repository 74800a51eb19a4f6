# Shared by the other scripts: one line a step, the log only where something fails.
#   quietly "sentence" command…   runs it, prints the time it took, or its last lines and stops
#   stop "sentence"               ends with that sentence

export NO_COLOR=1
LOG="${TMPDIR:-/tmp}/examroom-setup.$$.log"
trap 'rm -f "$LOG"' EXIT

stop() {
    printf '\n✗ %s\n' "$1" >&2
    exit 1
}

quietly() {
    local what="$1" began
    shift
    began=$(date +%s)
    printf '· %s … ' "$what"
    if "$@" >"$LOG" 2>&1 </dev/null; then
        printf '%s s\n' "$(($(date +%s) - began))"
    else
        printf 'failed\n'
        tail -n 40 "$LOG" >&2
        stop "$what: failed. What the command said stands above: $*"
    fi
}

on_debian_as_root() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}

apt_install() {
    quietly "apt: what is on offer" apt-get update -qq
    quietly "apt: $*" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@"
}

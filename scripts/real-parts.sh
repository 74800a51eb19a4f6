#!/usr/bin/env bash
# Real programs that the tests play with: Chromium for the web client, dcmtk as a DICOM peer,
# poppler to read printed reports.
# Installed by apt as root on Debian; elsewhere what is missing is named and its tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/say.sh

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v storescu >/dev/null || missing+=(dcmtk)
command -v pdftotext >/dev/null || missing+=(poppler-utils)

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if on_debian_as_root; then
    apt_install "${missing[@]}"
elif [ "${EXAMROOM_REQUIRE_ALL:-}" = 1 ]; then
    stop "EXAMROOM_REQUIRE_ALL=1 and missing: ${missing[*]}. Install them (Debian: apt-get install ${missing[*]})."
else
    printf '! missing: %s. Their tests are skipped (Debian: apt-get install %s).\n' \
        "${missing[*]}" "${missing[*]}"
fi

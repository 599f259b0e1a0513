#!/bin/sh
# The browser that tests of pages drive: Debian's, with the driver of the same source package. Root gets it installed;
# anybody else is told what is missing. Without it these tests are left out, and in CI (CI=true) nothing is.
set -eu
have() { command -v chromium >/dev/null && command -v chromedriver >/dev/null; }
have && exit

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium and chromium-driver …"
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium chromium-driver >/dev/null || true
fi
have && exit

cat >&2 <<'END'
chromium or chromedriver is missing: the tests of the pages that people see will be left out. To run them:
    apt-get install --no-install-recommends chromium chromium-driver
END
[ -z "${CI:-}" ]

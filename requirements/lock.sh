#!/bin/sh
# Pins every dependency with its hashes, for every platform, without naming where it came from.
set -eu
compile="uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --quiet --upgrade"
$compile pyproject.toml -o requirements/base.txt
$compile pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt
printf 'hatchling\neditables\n' | $compile - -o requirements/build.txt

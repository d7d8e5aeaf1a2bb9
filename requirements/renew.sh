#!/bin/sh
# Renews the locks; needs pip-compile (pip-tools) of the oldest supported Python, 3.11, on PATH.
set -eu
cd "$(dirname "$0")"
lock() {
    CUSTOM_COMPILE_COMMAND="requirements/renew.sh" pip-compile --quiet --generate-hashes \
        --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host \
        --no-emit-find-links --upgrade "$@"
}
lock --extra dev --output-file python.txt ../pyproject.toml
lock --output-file jre.txt jre.in
lock --output-file node.txt node.in
lock --output-file zoo.txt zoo.in

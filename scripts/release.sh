#!/usr/bin/env bash
# Fills dist/ with what a release consists of: wheel, zips, SBOM, notes, checksums. Usage: scripts/release.sh v1.2.3
set -euo pipefail
cd "$(dirname "$0")/.."

tag="${1:?the tag of the release, for instance v0.2.0}"
version="$(.venv/bin/python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')"
if [ "$tag" != "v$version" ]; then
    echo "the tag is $tag, but pyproject.toml says version $version" >&2
    exit 1
fi
notes="$(awk -v head="## [$version]" 'index($0, head) == 1 {on = 1; next} /^## \[/ {on = 0} on' CHANGELOG.md)"
if [ -z "$notes" ]; then
    echo "CHANGELOG.md has no section for $version: write one" >&2
    exit 1
fi

rm -rf dist
make build
source="$(mktemp -d)"
trap 'rm -rf "$source"' EXIT
git archive HEAD | tar -x -C "$source"
.local/uv/bin/uv build --quiet --wheel --python .venv --no-build-isolation --out-dir dist "$source"
cp build/*.zip dist/
.local/venvs/scan/bin/python -m pip_audit --require-hashes --disable-pip --requirement requirements/dev.txt \
    --format cyclonedx-json --output dist/sbom.cdx.json
printf '%s\n' "$notes" > dist/NOTES.md
(cd dist && sha256sum -- *.whl *.zip *.json > SHA256SUMS)
ls -l dist

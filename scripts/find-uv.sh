#!/bin/sh
# Prints the path of a working `uv`; brings one into .tools/ when the machine has none.
set -eu
cd "$(dirname "$0")/.."
for uv in uv "$HOME/.local/bin/uv" .tools/bin/uv; do
  if "$uv" --version >/dev/null 2>&1; then command -v "$uv"; exit 0; fi
done
say() { echo "$*" >&2; }
say "uv is missing: bringing it into .tools/ …"
for python in python3 python3.10 python3.11 python3.12 /usr/bin/python3 python; do
  rm -rf .tools
  if "$python" -m venv .tools >/dev/null 2>&1 && .tools/bin/python -m pip install -q uv >&2; then echo .tools/bin/uv; exit 0; fi
done
if command -v curl >/dev/null 2>&1 && curl -LsSf https://astral.sh/uv/install.sh | env UV_UNMANAGED_INSTALL="$PWD/.tools/bin" sh >&2; then
  echo .tools/bin/uv; exit 0
fi
say "uv could not be installed. Install it by hand (https://docs.astral.sh/uv/) and run make again."
exit 1

#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the real videos, sounds and pictures that some Debian packages hold, for the tests of the
# library. They are unpacked, not installed, and never committed.
#
#   tests/media/fetch.sh DIR     fills DIR (a cache such as build/media); again: does nothing
set -euo pipefail

if [ $# -ne 1 ]; then
  echo "用法 usage: $0 DIR" >&2
  exit 64
fi
mkdir -p "$1"
cd "$1"

fetch() {
  local package=$1
  [ -e "$package.done" ] && return 0
  echo "下载测试素材 fetching test media: $package"
  rm -rf "$package" "$package"_*.deb
  timeout 300 apt-get -qq download "$package"
  dpkg-deb -x "$package"_*.deb "$package"
  rm -f "$package"_*.deb
  touch "$package.done"
}

for package in openboard-common gnome-user-docs linphone-common python3-imageio; do
  fetch "$package"
done

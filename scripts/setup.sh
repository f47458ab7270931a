#!/usr/bin/env bash
# setup.sh - installs what building and testing need, from Debian 12 packages.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Says beforehand how much it downloads; does nothing when all is there. Needs
# root, or sudo. Asks no questions.
#
# With --fuzz it also installs what the fuzz targets need (docs/Fuzzing.md), with
# --registry what tests of registries copy through (docs/Registry.md). Debian's
# docker-registry starts a service of its own, on port 5000; no test uses that.
# With --bench it installs OpenMP for clang-22, which bench-host.py's native
# programs need; it takes the place of libomp-dev of other versions.

set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages=(
  # Build tools
  cmake ninja-build pkg-config git python3 libstdc++-12-dev
  # The compiler: LLVM, MLIR, clang (host and guest) and lld, one version
  clang-22 lld-22 liblld-22-dev llvm-22-dev libmlir-22-dev
  # mlir-opt, mlir-tblgen, lit and FileCheck
  mlir-22-tools llvm-22-tools
  # WebAssembly parser, validator and interpreter
  wabt
  # Command lines, JSON, compression, signatures, pictures
  libcli11-dev nlohmann-json3-dev libzstd-dev libsodium-dev libpng-dev
  zlib1g-dev
  # Trust policies, and registries as tar files
  libtomlplusplus-dev libarchive-dev
  # The fibers that threads of a block are on the host
  libboost-context-dev
  # Unit tests
  libgtest-dev libgmock-dev
)

case "${1:-}" in
"") ;;
--fuzz) packages+=(libclang-rt-22-dev) ;; # libFuzzer and the sanitizers
--registry)
  packages+=(skopeo docker-registry)
  packages+=(openssl zstd) # other tools' signatures and compression
  ;;
--bench) packages+=(libomp-22-dev) ;; # the host device's native twins
*) die "unknown option '$1': expected none, --fuzz, --registry or --bench" ;;
esac

isInstalled() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    isInstalled "$package" || missing+=("$package")
  done
else
  missing=("${packages[@]}")
fi
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all ${#packages[@]} packages are installed, nothing to do"
  exit 0
fi

system="$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}")" ||
  system=unknown
[ "$system" = "debian 12" ] || die "setup.sh installs packages of Debian 12," \
  "and this system is '$system'; build in a debian:12 container, or install" \
  "the counterparts of: ${missing[*]}"

asRoot=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "installing packages needs root: run as" \
    "root, or install sudo, or have an administrator run:" \
    "apt-get install --no-install-recommends ${missing[*]}"
  asRoot=(sudo)
fi

# Keeps apt from waiting for answers, and its messages in the language that
# the size is read from below.
apt() {
  "${asRoot[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o Dpkg::Use-Pty=0 "$@"
}

# Prints the first missing package that apt cannot install, and fails.
hasCandidates() {
  local package policy
  for package in "${missing[@]}"; do
    policy="$(LC_ALL=C apt-cache policy "$package" 2>/dev/null)" || true
    [[ "$policy" == *"Candidate: "[^\(]* ]] || {
      echo "$package"
      return 1
    }
  done
}

step "Setting up: ${#missing[@]} of ${#packages[@]} packages are missing"
printf '%s\n' "${missing[*]}" | fold -s -w 78 | sed 's/^/  /'
hasCandidates >/dev/null || apt update
absent="$(hasCandidates)" || die "apt knows no package '$absent'; the lists in" \
  "/etc/apt need 'bookworm main' from deb.debian.org/debian and" \
  "'bookworm-security main' from deb.debian.org/debian-security"

# apt says what an installation takes before it would print the addresses of
# what to download, and does not install then. (--assume-no is no way to ask:
# where nothing but the named packages is needed, apt asks nothing.)
estimate="$(apt install --no-install-recommends --print-uris "${missing[@]}" \
  2>/dev/null | sed -nE 's/^Need to get (.*) of archives\.$/download: \1/p
    s/^After this operation, (.*) of additional.*/disk: \1/p' |
  paste -sd ';' | sed 's/;/, /')" || true
echo "${estimate:-apt gives no estimate of the download}," \
  "time: 1 to 5 minutes on a usual line"

if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  # Package lists that are weeks old name files the mirrors no longer have.
  step "Installing failed; refreshing the package lists and trying once more"
  apt update
  apt install --yes --no-install-recommends "${missing[@]}" ||
    die "apt-get could not install the packages; its messages above say why"
fi

for package in "${missing[@]}"; do
  isInstalled "$package" || die "package '$package' is still not installed"
done
echo "setup: done, ${#missing[@]} packages (and what they need) installed"

# common.sh - what demo.sh, test.sh and setup.sh share; sourced, not run.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# shellcheck shell=bash
# shellcheck disable=SC2034

repo="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$repo/build"

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

# A headline between the steps of a script.
step() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }

die() {
  echo "error: $*" >&2
  exit 1
}

# Compilers that include LLVM or MLIR headers take up to 2 GiB each: one job
# per core, but no more than memory holds.
buildJobs() {
  local cores memory jobs
  cores="$(nproc)"
  memory="$(awk '/^MemAvailable:/ { print int($2 / 2097152) }' /proc/meminfo)"
  jobs=$((memory < cores ? memory : cores))
  echo $((jobs < 1 ? 1 : jobs))
}

# buildTargets [TARGET...]: configures build/ and builds the targets, or all.
buildTargets() {
  (cd "$repo" && cmake --preset default)
  cmake --build "$build" --parallel "$(buildJobs)" ${1:+--target "$@"}
}

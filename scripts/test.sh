#!/usr/bin/env bash
# test.sh - builds everything and runs every test: unit tests and lit.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Exits with 0 only if all tests pass. Further arguments go to ctest, for
# instance: scripts/test.sh -R lit

set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

step "1/3  Set-up"
"$repo/scripts/setup.sh"
# The tests of registries copy through real ones. Where these cannot be had, the
# suite says which tests it leaves out; a build service must have them.
"$repo/scripts/setup.sh" --registry || [ -z "${CI:-}" ] ||
  die "skopeo and docker-registry could not be installed"

step "2/3  Building everything"
buildTargets

step "3/3  Testing"
ctest --test-dir "$build" --output-on-failure --no-tests=error \
  --parallel "$(nproc)" "$@"

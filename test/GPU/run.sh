#!/usr/bin/env bash
# run.sh - runs every kernel and every test of this bundle on the GPU, and
# writes a log.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: run.sh [LOG [SECTION...]] (default: gpu-run.log beside this script, all
# of unit, kernels, twins, sanitizers, semantics, suite and replays; bench and
# runtime, the benchmarks, only if they are named). Exits with 0 only if all unit tests passed, all launches gave the
# interpreter's bits, and all tests of the semantics gave what Wasm's
# specification says, the official suite's among them, and all replayed calls
# agree; of the benchmarks, if all forms of a kernel agree, however fast.

set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
log="${1:-$here/gpu-run.log}"
sections=" ${*:2} "
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

# Whether section $1 was asked for.
wants() { [[ "$sections" = "  " || "$sections" = *" $1 "* ]]; }

runUnit() {
  # What skips for want of a GPU has no business here: that is a failure too.
  echo "== Unit tests"
  (cd "$here" && bin/RuntimeTests) >"$out/unit.log" 2>&1 || status=1
  cat "$out/unit.log"
  if grep -q SKIPPED "$out/unit.log"; then status=1; fi
}

runKernels() {
  local kernels device
  for kernels in "$here"/kernels*; do
    for device in cuda host; do
      # The variants have no host image: theirs is that of `kernels`.
      if [ $device = host ] && [ "$kernels" != "$here/kernels" ]; then
        continue
      fi
      echo "== $(basename "$kernels") on $device"
      python3 "$here/run-kernels.py" --dir "$kernels" \
        --twrun "$here/bin/twrun" --trust "$here/kernels/key.pub" \
        --device $device --out "$out" || status=1
    done
  done
}

runTwins() {
  # The twins are for this GPU's architecture alone; a wrong one cannot load them.
  if [ -d "$here/twins" ]; then
    echo "== CUDA twins"
    python3 "$here/run-kernels.py" --dir "$here/twins" --out "$out" \
      --twins "$here/twins/harness" || status=1
  else
    echo "== CUDA twins: skipped, not in this bundle"
  fi
}

runSanitizers() {
  # The kernels under NVIDIA's checkers, where the toolkit is installed. Their
  # logs stay beside this one.
  local sanitizer tool logs
  sanitizer="$(command -v compute-sanitizer ||
    ls /usr/local/cuda/bin/compute-sanitizer 2>/dev/null || true)"
  if [ -n "$sanitizer" ]; then
    for tool in memcheck racecheck synccheck; do
      echo "== kernels under compute-sanitizer, $tool"
      logs="$(dirname "$log")/sanitizer-$tool"
      mkdir -p "$logs"
      python3 "$here/run-kernels.py" --dir "$here/kernels" \
        --twrun "$here/bin/twrun" --trust "$here/kernels/key.pub" \
        --device cuda --out "$out" --no-verify --timeout 600 \
        --sanitizer "$sanitizer" --tool $tool --logs "$logs" || status=1
    done
    # The runtime: its tests of calls under way, memory, snapshots and pools.
    # Those that fork, or lose a device on purpose, are not for it.
    echo "== the runtime's tests under compute-sanitizer, memcheck"
    # Some of them have the driver refuse something: that is no error here.
    (cd "$here" && "$sanitizer" --tool memcheck --report-api-errors no \
      --error-exitcode 99 \
      bin/RuntimeTests --gtest_filter='OnGPU/Async*:*Kinds*:*Snapshot*:*Pool*-*Forked*') \
      >"$(dirname "$log")/sanitizer-runtime.log" 2>&1 || status=1
    tail -n 3 "$(dirname "$log")/sanitizer-runtime.log"
  else
    echo "== compute-sanitizer: skipped, not on this machine"
  fi
}

runSemantics() {
  echo "== Semantics"
  python3 -B "$here/execution/execution.py" run all --times \
    --jobs "$(( ($(nproc) + 1) / 2 ))" \
    --dir "$here/execution/artifacts" --out "$out" --twrun "$here/bin/twrun" \
    --twreplay "$here/bin/twreplay" --trust "$here/kernels/key.pub" \
    --device cuda || status=1
}

runSuite() {
  if [ -d "$here/spec" ]; then
    echo "== Official test suite"
    "$here/bin/twrun-wast" "$here/spec" --device cuda \
      --trust "$here/kernels/key.pub" --report "$(dirname "$log")/spec.md" \
      --report "$(dirname "$log")/spec.json" || status=1
  else
    echo "== Official test suite: skipped, not in this bundle"
  fi
}

runReplays() {
  echo "== Other compilers' modules"
  local module
  for module in "$here"/replays/*.ptxbin; do
    [ -f "$module" ] || continue
    echo -n "$(basename "$module" .ptxbin): "
    timeout 300 "$here/bin/twreplay" "$module" "${module%.ptxbin}.json" \
      --device cuda --trust "$here/kernels/key.pub" 2>&1 || status=1
  done
}

runBench() {
  echo "== Benchmarks"
  python3 -B "$here/bench-kernels.py" --dir "$here" \
    --out "$(dirname "$log")/bench.json" \
    --plot "$(dirname "$log")/bench.svg" || status=1
}

runRuntime() {
  echo "== The runtime's own work"
  python3 -B "$here/bench-runtime.py" measure --tool "$here/bin/twbench-runtime" \
    --artifact "$here/runtime.ptxbin" --trust "$here/kernels/key.pub" \
    --commit "$(cat "$here/COMMIT")" --out "$(dirname "$log")/runtime.json" ||
    status=1
}

runAll() {
  local status=0
  echo "== Machine"
  echo "commit:  $(cat "$here/COMMIT")"
  echo "date:    $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  echo "kernel:  $(uname -sr)"
  echo "glibc:   $(getconf GNU_LIBC_VERSION)"
  echo "python:  $(python3 --version)"
  echo "twrun:   $("$here/bin/twrun" --version)"
  nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap \
    --format=csv || status=1
  "$here/bin/twrun" devices || status=1

  if wants unit; then runUnit; fi
  if wants kernels; then runKernels; fi
  if wants twins; then runTwins; fi
  if wants sanitizers; then runSanitizers; fi
  if wants semantics; then runSemantics; fi
  if wants suite; then runSuite; fi
  if wants replays; then runReplays; fi
  if [[ "$sections" = *" bench "* ]]; then runBench; fi
  if [[ "$sections" = *" runtime "* ]]; then runRuntime; fi

  if [ $status -eq 0 ]; then echo "== PASSED"; else echo "== FAILED"; fi
  return $status
}

# `||` keeps -e from ending the pipe early; runAll tells its own verdict.
status=0
runAll 2>&1 | tee "$log" || status=$?
exit $status

# pack-gpu-tests.sh - the tests that make-gpu-bundle.sh, which reads this, packs.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Expects repo, build, new (the bundle) and key.

# Inputs of the runtime's unit tests.
cp "$repo/unittests/Runtime/Inputs/kernels.ptx" \
  "$build"/unittests/Runtime/HostImage-*.so "$new/inputs/"

# The executed tests of Wasm's semantics: what test/Execution runs on the host.
mkdir "$new/execution" "$new/execution/artifacts"
cp "$repo"/test/Execution/Inputs/*.py "$repo"/test/Execution/Inputs/*.wat \
  "$repo"/test/Execution/Inputs/*.c "$new/execution/"
python3 -B "$new/execution/execution.py" build all --key "$key.key" \
  --dir "$new/execution/artifacts" --twc "$build/bin/twc" \
  --twreg "$build/bin/twreg" --guest-config "$repo/kernels/tw.cfg" \
  --guest-cc "$(sed -n 's/^TWC_GUEST_CC:[^=]*=//p' "$build/CMakeCache.txt")"
rm "$new"/execution/artifacts/*.wat "$new"/execution/artifacts/*.wasm

# The official test suite, compiled. Its modules as files are not needed.
status=0
python3 -B "$repo/scripts/run-spec-suite.py" --build "$build" --prepare \
  --target sm_80,host --sign "$key.key" --out "$build/spec-gpu" \
  --jobs "$(buildJobs)" || status=$?
case $status in
0) cp -r "$build/spec-gpu/scripts" "$new/spec" ;;
77) ;; # no suite here; it has said so
*) die "cannot prepare the test suite" ;;
esac

# What check-toolchains has compiled of other compilers' modules, with the calls
# that it recorded; drivers take minutes for the largest.
mkdir "$new/replays"
for calls in "$build"/toolchains/modules/*/[0-9].json; do
  file="${calls%.json}.sm_80.ptxbin"
  [ -f "$file" ] && [ "$(stat -c %s "$file")" -lt 524288 ] || continue
  name="$(basename "$(dirname "$calls")")-$(basename "$calls" .json)"
  cp "$file" "$new/replays/$name.ptxbin"
  cp "$calls" "$new/replays/$name.json"
  "$build/bin/twreg" sign "$new/replays/$name.ptxbin" --key "$key.key" >/dev/null
done

#!/usr/bin/env bash
# demo.sh - from C sources to verified results, in one command.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds into build/, compiles the kernels in
# kernels/ from C, signs them with a key made for the demo, and runs each on
# the GPU, or on the host's cores where there is none, comparing its results
# with WABT's interpreter: bit for bit, or within a stated bound for those on
# matrix units. May be run again at any time.

set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
started=$SECONDS

step "1/4  Set-up"
"$repo/scripts/setup.sh"

step "2/4  Building the compiler and the runtime, compiling the kernels"
buildTargets twc twrun twreg kernels

out="$build/demo"
twreg="$build/bin/twreg"
twrun="$build/bin/twrun"
mkdir -p "$out"

step "3/4  Signing"
[ -f "$out/demo.key" ] || "$twreg" keygen "$out/demo"
for file in "$build"/kernels/*.ptxbin; do
  signed="$out/$(basename "$file")"
  cp -f "$file" "$signed"
  "$twreg" sign "$signed" --key "$out/demo.key"
done
# A signature is worth something only if files without it are refused.
if "$twreg" verify "$build/kernels/saxpy.ptxbin" --trust "$out/demo.pub" \
  >"$out/refused.txt" 2>&1; then
  die "twreg accepted an unsigned file"
fi
signedFiles=("$out"/*.ptxbin)
echo "signed: ${#signedFiles[@]} files in $out"
echo "the unsigned saxpy.ptxbin is refused: $(head -n 1 "$out/refused.txt")"

step "4/4  Running every kernel"
"$twrun" devices
python3 "$repo/scripts/run-kernels.py" --dir "$out" --twrun "$twrun" \
  --trust "$out/demo.pub" --device auto --out "$out"

step "Done in $((SECONDS - started)) s"
echo "All results agree with those of the interpreter, as the table says."
echo "The picture: $out/mandelbrot.png"
echo "Next: docs/GettingStarted.md, to compile a kernel of your own."

#!/usr/bin/env bash
# make-gpu-bundle.sh - packs what a GPU machine needs to run every kernel, and
# the executed tests of Wasm's semantics.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The official test suite comes along if TWC_SPEC_TESTSUITE is there.
#
# Usage: make-gpu-bundle.sh BUILD_DIR [bench] (targets gpu-bundle, bench-bundle).
# Makes BUILD_DIR/gpu-bundle/, or, with what the benchmarks need alone, BUILD_DIR/
# bench-bundle/. Either needs glibc 2.36, Python 3 and an NVIDIA
# driver, and nothing else: neither a CUDA toolkit nor LLVM nor this tree.
# Copy it to the machine and start run.sh there (of the second, with the sections
# twins and bench).

set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build="${1:?usage: make-gpu-bundle.sh BUILD_DIR [bench]}"
case "${2:-}" in
'') bundle="$build/gpu-bundle" programs=(twrun twrun-wast twreplay twbench
  twbench-runtime RuntimeTests) ;;
bench) bundle="$build/bench-bundle" programs=(twrun twbench twbench-runtime) ;;
*) die "expected 'bench' or nothing as second argument, but got '$2'" ;;
esac
key="$build/gpu-bundle-key/bundle"

new="$bundle.new"
rm -rf "$new"
mkdir -p "$new/bin" "$new/lib" "$new/kernels" "$new/inputs" "$(dirname "$key")"

# Programs, without symbols, and the libraries that they need beyond glibc.
for program in "${programs[@]}"; do
  [ -x "$build/bin/$program" ] || die "no $program in $build/bin: build it first"
  strip -o "$new/bin/$program" "$build/bin/$program"
  needed="$(ldd "$build/bin/$program")"
  case "$needed" in *"not found"*)
    die "$program misses a library: $(grep 'not found' <<<"$needed")" ;;
  esac
  while read -r library; do
    case "$(basename "$library")" in
    libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.*) ;;
    ld-linux*) ;;
    *) cp -Lf "$library" "$new/lib/" ;;
    esac
  done < <(awk '$2 == "=>" { print $3 }' <<<"$needed")
done

# The artifacts, signed; of the key only the public half leaves this machine.
[ -f "$key.key" ] || "$build/bin/twreg" keygen "$key"
cp "$key.pub" "$new/kernels/key.pub"
for file in "$build"/kernels/*.ptxbin; do
  [ -f "$file" ] || die "no .ptxbin in $build/kernels: build target kernels"
  cp "$file" "$new/kernels/"
  "$build/bin/twreg" sign "$new/kernels/$(basename "$file")" --key "$key.key"
done

targets="$(sed -n 's/^TWC_KERNEL_TARGETS:[^=]*=//p' "$build/CMakeCache.txt")"
echo "twc --target=$targets" >"$new/kernels/FLAGS"

# The same kernels as the driver meets them elsewhere: PTX for the oldest
# architecture, and machine code where ptxas can make it here.
# packVariant FOLDER TWC_OPTION...
packVariant() {
  local folder="$new/$1" module target
  shift
  mkdir -p "$folder"
  for module in "$build"/kernels/*.wasm; do
    target="$folder/$(basename "$module" .wasm).ptxbin"
    "$build/bin/twc" "$module" -o "$target" "$@"
    "$build/bin/twreg" sign "$target" --key "$key.key" >/dev/null
  done
  echo "twc $*" >"$folder/FLAGS"
}
if [ "${2:-}" != bench ]; then
  packVariant kernels-sm_75 --target=sm_75
fi
if command -v ptxas >/dev/null || [ -x /usr/local/cuda/bin/ptxas ]; then
  packVariant kernels-cubin --target=sm_80,sm_90 --cubin
fi

# The forms that benchmarks compare, for the first GPU architecture of the
# kernels, as far as this twc has the options.
architecture="${targets%%,*}"
# packForm NAME TWC_OPTION...
packForm() {
  local name="$1"
  shift
  if "$build/bin/twc" "$build/kernels/saxpy.wasm" --emit=ptx \
    --target="$architecture" "$@" -o /dev/null 2>/dev/null; then
    packVariant "variants/$name" --target="$architecture" "$@"
  else
    echo "the bundle has no form '$name': this twc has no $*"
  fi
}
packForm isolate --bounds=isolate
packForm none --bounds=none
packForm fast --fp-contract=fast
packForm fuel --fuel

# The CUDA twins of the kernels, where nvcc can make them.
if [ -x "$build/kernels/cuda/cuda-harness" ]; then
  mkdir "$new/twins"
  strip -o "$new/twins/harness" "$build/kernels/cuda/cuda-harness"
  cp "$build"/kernels/cuda/*.cubin "$new/twins/"
  cp -r "$build/kernels/cuda/fma" "$new/twins-fma"
  cuda="$(sed -n 's/^TWC_CUDA_ARCH:[^=]*=//p' "$build/CMakeCache.txt")"
  nvcc="$(sed -n 's/^TWC_NVCC:[^=]*=//p' "$build/CMakeCache.txt")"
  version="$("$nvcc" --version | sed -n 's/.* \(V[0-9.]*\)$/\1/p')"
  echo "nvcc -O3 -fmad=false -arch=$cuda -cubin ($version)" >"$new/twins/FLAGS"
  echo "nvcc -O3 -arch=$cuda -cubin ($version)" >"$new/twins-fma/FLAGS"
fi

# What the runtime's own benchmarks launch.
cp "$build/bench/runtime.ptxbin" "$new/"
"$build/bin/twreg" sign "$new/runtime.ptxbin" --key "$key.key"

cp "$repo/scripts/run-kernels.py" "$repo/scripts/bench-kernels.py" \
  "$repo/scripts/bench-runtime.py" \
  "$repo/test/GPU/run.sh" "$new/"
for package in kernelcases benchreport; do
  mkdir "$new/$package"
  cp "$repo/scripts/$package"/*.py "$new/$package/"
done
# What V8 runs, for scale, where the GPU machine has node.
cp "$repo/scripts/benchreport/in-v8.cjs" "$new/benchreport/"
cp "$build"/kernels/*.wasm "$new/kernels/"
git -C "$repo" describe --always --dirty >"$new/COMMIT" 2>/dev/null ||
  echo unknown >"$new/COMMIT"

if [ "${2:-}" != bench ]; then
  source "$(dirname "${BASH_SOURCE[0]}")/pack-gpu-tests.sh"
fi

size="$(du -sm "$new" | cut -f1)"
[ "$size" -lt 64 ] || die "the bundle takes $size MiB, more than 64"
rm -rf "$bundle"
mv "$new" "$bundle"
echo "GPU bundle: $bundle ($size MiB); start run.sh on the GPU machine"

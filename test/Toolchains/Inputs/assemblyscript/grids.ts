// grids.ts - AssemblyScript: typed arrays, Math, 64-bit and SIMD.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every export takes a size and returns a digest of what it computed.

export function life(size: i32, generations: i32): i32 {
  let now = new Uint8Array(size * size), next = new Uint8Array(size * size);
  for (let i = 0; i < now.length; ++i)
    now[i] = ((i * 2654435761) >>> 7) & 1;
  for (let g = 0; g < generations; ++g) {
    for (let y = 0; y < size; ++y)
      for (let x = 0; x < size; ++x) {
        let around = 0;
        for (let dy = -1; dy <= 1; ++dy)
          for (let dx = -1; dx <= 1; ++dx)
            if (dx != 0 || dy != 0)
              around += now[(y + dy + size) % size * size + (x + dx + size) % size];
        next[y * size + x] = around == 3 || (around == 2 && now[y * size + x]) ? 1 : 0;
      }
    const t = now;
    now = next;
    next = t;
  }
  let hash = 0;
  for (let i = 0; i < now.length; ++i)
    hash = hash * 31 + now[i];
  return hash;
}

export function maths(n: i32): f64 {
  let sum = 0.0;
  for (let i = 1; i <= n; ++i) {
    const x = (i as f64) * 0.73;
    sum += Math.sin(x) * Math.exp(-x / 10) + Math.pow(x, 1.7) - Math.log2(x) +
           Math.cbrt(x) + Math.hypot(x, 2.0) - Math.fround(Math.atan2(x, 3.0));
  }
  return sum;
}

export function primes(n: i32): i64 {
  const composite = new StaticArray<bool>(n + 1);
  let product: i64 = 1;
  for (let i = 2; i <= n; ++i) {
    if (composite[i])
      continue;
    product = (product * i + 0x9e3779b97f4a7c15) ^ (product >>> 17);
    for (let k = i * 2; k <= n; k += i)
      composite[k] = true;
  }
  return product;
}

export function saxpy(n: i32): f32 {
  const x = new Float32Array(n), y = new Float32Array(n);
  for (let i = 0; i < n; ++i)
    x[i] = (i as f32) * 0.5, y[i] = 3 - (i as f32);
  const a = f32x4.splat(1.5);
  const px = x.dataStart, py = y.dataStart;
  for (let i = 0; i + 4 <= n; i += 4) {
    const at = (i as usize) << 2;
    v128.store(py + at, f32x4.add(f32x4.mul(a, v128.load(px + at)),
                                  v128.load(py + at)));
  }
  let sum: f32 = 0;
  for (let i = 0; i < n; ++i)
    sum += y[i];
  return sum;
}

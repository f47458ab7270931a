// normalize.ts - scales rows so that their largest element is 1.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One block per row of `columns` floats, in place. The threads keep their largest
// element in shared memory, where the lower half of them takes over the upper
// half's until one is left. Launch with one block per row, of 128 threads.

import { barrier, block_id_x, shared, thread_id_x } from "./tw";

const THREADS: u32 = 128;

export function normalize(rows: usize, columns: u32): void {
  const best = shared(THREADS * 4);
  const thread = thread_id_x();
  const row = rows + block_id_x() * columns * 4;
  let most: f32 = 0;
  for (let i = thread; i < columns; i += THREADS)
    most = max<f32>(most, abs<f32>(load<f32>(row + i * 4)));
  store<f32>(best + thread * 4, most);
  barrier();
  for (let half = THREADS / 2; half > 0; half /= 2) {
    if (thread < half)
      store<f32>(best + thread * 4,
                 max<f32>(load<f32>(best + thread * 4),
                          load<f32>(best + (thread + half) * 4)));
    barrier();
  }
  most = load<f32>(best);
  if (most > 0)
    for (let i = thread; i < columns; i += THREADS)
      store<f32>(row + i * 4, load<f32>(row + i * 4) / most);
}

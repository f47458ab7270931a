//===- block_reduce.h - reductions of warps and blocks ----------*- CUDA
//-*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What tw_warp_reduce and tw_block_reduce do, in the same order of operations,
// for the CUDA twins: a full warp by butterflies, a block from its lowest warp
// up. Blocks are multiples of 32 threads.
//
//===----------------------------------------------------------------------===//

#ifndef BLOCK_REDUCE_H
#define BLOCK_REDUCE_H

#include <cstdint>

struct Add {
  __device__ float operator()(float a, float b) const { return a + b; }
};
struct Max {
  __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

template <typename Op> __device__ float warpReduce(float v, Op op) {
  for (uint32_t k = 16; k > 0; k /= 2)
    v = op(v, __shfl_xor_sync(~0u, v, k));
  return v;
}

template <typename Op> __device__ float blockReduce(float v, Op op) {
  __shared__ float warps[32];
  v = warpReduce(v, op);
  __syncthreads(); // a reduction before this one has been read
  if (threadIdx.x % 32 == 0)
    warps[threadIdx.x / 32] = v;
  __syncthreads();
  v = warps[0];
  for (uint32_t i = 1; i < blockDim.x / 32; ++i)
    v = op(v, warps[i]);
  return v;
}

#endif // BLOCK_REDUCE_H

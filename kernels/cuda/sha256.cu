//===- sha256.cu - SHA-256 of many messages --------------------*- CUDA -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The CUDA twin of sha256.c.
//
//===----------------------------------------------------------------------===//

#include <cstdint>

namespace {
/// Round constants (FIPS 180-4, 4.2.2).
__constant__ uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

__device__ __forceinline__ uint32_t rotate(uint32_t x, uint32_t by) {
  return x >> by | x << (32 - by);
}
__device__ __forceinline__ uint32_t swap(uint32_t x) {
  return __byte_perm(x, 0, 0x0123);
}

/// Compresses a block of 16 words into the state (FIPS 180-4, 6.2.2).
__device__ __forceinline__ void compress(uint32_t state[8], uint32_t w[16]) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
#pragma unroll
  for (uint32_t i = 0; i < 64; ++i) {
    if (i >= 16) {
      uint32_t x = w[(i + 1) % 16], y = w[(i + 14) % 16];
      w[i % 16] += (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[(i + 9) % 16] +
                   (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                  ((e & f) ^ (~e & g)) + constants[i] + w[i % 16];
    uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                  ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1;
    d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}
} // namespace

extern "C" __global__ void sha256(const uint32_t *__restrict__ messages,
                                  uint32_t *__restrict__ digests, uint32_t n,
                                  uint32_t length) {
  uint32_t id = blockIdx.x * blockDim.x + threadIdx.x;
  if (id >= n)
    return;
  const uint32_t *message = messages + id * (length / 4);
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint32_t w[16];
  // Whole blocks, then the rest with a one bit, zeros, and the length in bits
  // behind it: one block or two.
  uint32_t words = length / 4, blocks = (words + 3 + 15) / 16;
  for (uint32_t block = 0; block < blocks; ++block) {
#pragma unroll
    for (uint32_t i = 0; i < 16; ++i) {
      uint32_t at = block * 16 + i;
      w[i] = at < words ? swap(message[at]) : at == words ? 0x80000000 : 0;
    }
    if (block == blocks - 1) {
      w[14] = length >> 29;
      w[15] = length << 3;
    }
    compress(state, w);
  }
#pragma unroll
  for (uint32_t i = 0; i < 8; ++i)
    digests[id * 8 + i] = swap(state[i]);
}

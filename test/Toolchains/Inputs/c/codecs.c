// codecs.c - hashes, a compressor, numbers as text, floating point.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops over bytes and words of the kind that autovectorize, or not.

typedef unsigned char u8;
typedef unsigned u32;
typedef unsigned long long u64;
#define EXPORT(name) __attribute__((export_name(#name)))
enum { N = 8192 };

static u8 input[N], packed[2 * N], unpacked[N];
static float wave[N], spectrum[N];

static void fill(u32 seed) {
  for (u32 i = 0; i < N; ++i) {
    seed = seed * 1664525 + 1013904223;
    input[i] = (seed >> 24) & ((i >> 6) & 1 ? 1 : 0x1f);
  }
}

static u32 rotate(u32 x, u32 n) { return x >> n | x << (32 - n); }

// FIPS 180-4; the constants are fractional parts of roots of primes.
static const u32 K[64] = {
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
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void sha256Block(u32 h[8], const u8 *p) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; ++i, p += 4)
    w[i] = (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
  for (int i = 16; i < 64; ++i) {
    u32 a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
           (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 8; ++i)
    s[i] = h[i];
  for (int i = 0; i < 64; ++i) {
    u32 t = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
            ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    u32 u = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
            ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    for (int k = 7; k > 0; --k)
      s[k] = s[k - 1];
    s[4] += t;
    s[0] = t + u;
  }
  for (int i = 0; i < 8; ++i)
    h[i] += s[i];
}

// The first word of the digest of "abc", 0xba7816bf in FIPS 180-4's example,
// or of `blocks` blocks of the input, unpadded.
EXPORT(sha256) u32 sha256(u32 blocks) {
  u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  if (blocks == 0) {
    u8 block[64] = {'a', 'b', 'c', 0x80};
    block[63] = 24;
    sha256Block(h, block);
  }
  fill(1);
  for (u32 i = 0; i < blocks; ++i)
    sha256Block(h, input + i % (N / 64) * 64);
  return h[0];
}

EXPORT(crc32) u32 crc32(u32 seed) {
  static u32 table[256];
  for (u32 i = 0; i < 256; ++i) {
    u32 c = i;
    for (int k = 0; k < 8; ++k)
      c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
    table[i] = c;
  }
  fill(seed);
  u32 crc = ~0u;
  for (u32 i = 0; i < N; ++i)
    crc = crc >> 8 ^ table[(crc ^ input[i]) & 255];
  return ~crc;
}

// LZ77 with a hash of three bytes; returns the size, or 0 if decompression
// does not give the input back.
EXPORT(compress) u32 compress(u32 seed) {
  static unsigned short last[1024];
  fill(seed);
  __builtin_memset(last, 0xff, sizeof last);
  u32 out = 0;
  for (u32 at = 0; at < N;) {
    u32 length = 0, from = 0;
    if (at + 3 <= N) {
      u32 hash = (input[at] * 37u + input[at + 1] * 101u + input[at + 2]) & 1023;
      from = last[hash];
      last[hash] = (unsigned short)at;
      if (from != 0xffff)
        while (length < 200 && at + length < N &&
               input[from + length] == input[at + length])
          ++length;
    }
    if (length >= 4) {
      packed[out++] = (u8)(200 + 0), packed[out++] = (u8)length;
      packed[out++] = (u8)from, packed[out++] = (u8)(from >> 8);
      at += length;
    } else {
      packed[out++] = input[at++];
    }
  }
  u32 size = 0;
  for (u32 i = 0; i < out;) {
    if (packed[i] < 200) {
      unpacked[size++] = packed[i++];
      continue;
    }
    u32 from = packed[i + 2] | (u32)packed[i + 3] << 8;
    for (u32 k = 0; k < packed[i + 1]; ++k)
      unpacked[size++] = unpacked[from + k];
    i += 4;
  }
  for (u32 i = 0; i < N; ++i)
    if (size != N || input[i] != unpacked[i])
      return 0;
  return out;
}

// Bytes and words in the shapes that vectorizers know.
EXPORT(image) u32 image(u32 seed) {
  fill(seed);
  u32 total = 0;
  for (u32 i = 0; i < N; ++i)
    unpacked[i] = input[i] > 20 ? (u8)(input[i] * 3 + 1) : (u8)~input[i];
  for (u32 i = 0; i + 1 < N; ++i)
    packed[i] = (u8)((unpacked[i] + unpacked[i + 1] + 1) / 2);
  for (u32 i = 0; i < N; ++i)
    total += (u32)((int)unpacked[i] - (int)packed[i]) * (total & 1 ? 1u : 2u);
  short sum = 0;
  for (u32 i = 0; i < N; ++i)
    sum = (short)(sum + (signed char)packed[i] * (signed char)unpacked[i]);
  return total ^ (u32)sum;
}

EXPORT(transform) double transform(u32 seed, u32 passes) {
  fill(seed);
  for (u32 i = 0; i < N; ++i)
    wave[i] = (float)input[i] / 16.0f - 0.5f;
  for (u32 p = 0; p < passes; ++p) {
    for (u32 i = 0; i < N / 2; ++i) {
      spectrum[i] = wave[2 * i] + wave[2 * i + 1];
      spectrum[N / 2 + i] = (wave[2 * i] - wave[2 * i + 1]) * 0.75f;
    }
    for (u32 i = 0; i < N; ++i)
      wave[i] = __builtin_sqrtf(__builtin_fabsf(spectrum[i])) +
                __builtin_floorf(spectrum[i] * 4);
  }
  double total = 0;
  for (u32 i = 0; i < N; ++i)
    total += wave[i] * (double)(int)wave[i];
  return total;
}

// Eight queens and up, by backtracking over bit masks.
static u32 place(u32 all, u32 columns, u32 left, u32 right) {
  if (columns == all)
    return 1;
  u32 count = 0;
  for (u32 free = all & ~(columns | left | right); free; free &= free - 1) {
    u32 bit = free & -free;
    count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}
EXPORT(queens) u32 queens(u32 n) { return place((1u << n) - 1, 0, 0, 0); }

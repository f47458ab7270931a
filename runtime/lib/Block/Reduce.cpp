//===- Reduce.cpp - reductions and their operators ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduce.h"

#include "FloatEnvironment.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

using namespace twrun;
using abi::ReduceKind;
using abi::ReduceType;

bool twrun::isReduction(uint32_t kind, uint32_t type) {
  if (type > uint32_t(ReduceType::F64) || kind > uint32_t(ReduceKind::Max))
    return false;
  const bool isFloat = type >= uint32_t(ReduceType::F32);
  const bool isFloatKind = kind >= uint32_t(ReduceKind::Min);
  return kind == uint32_t(ReduceKind::Add) || isFloat == isFloatKind;
}

template <typename Unsigned>
static Unsigned combineIntegers(ReduceKind kind, Unsigned v, Unsigned w) {
  using Signed = std::make_signed_t<Unsigned>;
  switch (kind) {
  case ReduceKind::Add:
    return v + w;
  case ReduceKind::MinS:
    return Signed(v) < Signed(w) ? v : w;
  case ReduceKind::MaxS:
    return Signed(v) > Signed(w) ? v : w;
  case ReduceKind::MinU:
    return std::min(v, w);
  case ReduceKind::MaxU:
    return std::max(v, w);
  case ReduceKind::And:
    return v & w;
  case ReduceKind::Or:
    return v | w;
  case ReduceKind::Xor:
    return v ^ w;
  case ReduceKind::Min:
  case ReduceKind::Max:
    break;
  }
  return 0;
}

/// Wasm's canonical NaN: positive, with the payload's top bit alone.
template <typename Float> static Float quiet(Float value) {
  return std::isnan(value) ? std::numeric_limits<Float>::quiet_NaN() : value;
}

/// Wasm spec 4.3.3: fadd, fmin, fmax. Of zeros, min takes the negative one and
/// max the positive one; a NaN wins.
template <typename Float>
static Float combineFloats(ReduceKind kind, Float v, Float w) {
  if (kind == ReduceKind::Add)
    return quiet(v + w);
  if (std::isnan(v) || std::isnan(w))
    return std::numeric_limits<Float>::quiet_NaN();
  if (v == w && v == 0)
    return std::signbit(v) == (kind == ReduceKind::Min) ? v : w;
  return (v < w) == (kind == ReduceKind::Min) ? v : w;
}

static uint64_t compute(Reduction of, uint64_t v, uint64_t w) {
  switch (of.type) {
  case ReduceType::I32:
    return combineIntegers(of.kind, uint32_t(v), uint32_t(w));
  case ReduceType::I64:
    return combineIntegers(of.kind, v, w);
  case ReduceType::F32:
    return std::bit_cast<uint32_t>(
        combineFloats(of.kind, std::bit_cast<float>(uint32_t(v)),
                      std::bit_cast<float>(uint32_t(w))));
  case ReduceType::F64:
    return std::bit_cast<uint64_t>(combineFloats(
        of.kind, std::bit_cast<double>(v), std::bit_cast<double>(w)));
  }
  return 0;
}

/// To be called in a FloatEnvironment.
static uint64_t apply(Reduction of, uint64_t v, uint64_t w) {
  return FloatEnvironment::pin(
      compute(of, FloatEnvironment::pin(v), FloatEnvironment::pin(w)));
}

uint64_t twrun::combine(Reduction of, uint64_t v, uint64_t w) {
  FloatEnvironment environment;
  return apply(of, v, w);
}

uint64_t twrun::canonicalNaN(ReduceType type, uint64_t bits) {
  switch (type) {
  case ReduceType::F32:
    return std::bit_cast<uint32_t>(quiet(std::bit_cast<float>(uint32_t(bits))));
  case ReduceType::F64:
    return std::bit_cast<uint64_t>(quiet(std::bit_cast<double>(bits)));
  case ReduceType::I32:
    return uint32_t(bits);
  case ReduceType::I64:
    break;
  }
  return bits;
}

uint64_t twrun::reduceLeft(Reduction of, std::span<const uint64_t> values) {
  FloatEnvironment environment;
  uint64_t result = values.front();
  for (uint64_t value : values.subspan(1))
    result = apply(of, result, value);
  return canonicalNaN(of.type, result);
}

uint64_t twrun::reduceWarp(Reduction of, uint32_t lanes,
                           std::span<const uint64_t, 32> values) {
  std::array<uint64_t, 32> taken;
  if (lanes != UINT32_MAX) {
    size_t count = 0;
    for (unsigned lane = 0; lane < 32; ++lane)
      if (lanes >> lane & 1)
        taken[count++] = values[lane];
    return reduceLeft(of, std::span(taken).first(count));
  }
  // The butterfly, as lane 0 sees it: v OP v(lane xor k), where of two lanes
  // that exchange values both get the same, as every OP commutes.
  std::copy(values.begin(), values.end(), taken.begin());
  FloatEnvironment environment;
  for (unsigned k = 16; k != 0; k /= 2)
    for (unsigned lane = 0; lane < k; ++lane)
      taken[lane] = apply(of, taken[lane], taken[lane + k]);
  return canonicalNaN(of.type, taken[0]);
}

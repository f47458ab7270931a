//===- Matrix.cpp - the matrix fragments of a warp ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Matrix.h"

#include "FloatEnvironment.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

using namespace twrun;
using abi::CollectiveOp;
using abi::MatrixElement;

float twrun::fromHalf(uint16_t bits) {
  const uint32_t sign = uint32_t(bits & 0x8000) << 16;
  const uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) // infinity, or a NaN with its payload
    return std::bit_cast<float>(sign | 0x7f800000 | fraction << 13);
  if (exponent != 0)
    return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  // Subnormal: fraction * 2^-24, normal in f32.
  float value = float(fraction) * 0x1p-24f;
  return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(value));
}

float twrun::fromBFloat(uint16_t bits) {
  return std::bit_cast<float>(uint32_t(bits) << 16);
}

namespace {

/// Where element (row, column) of the matrix that a call points to lies.
struct View {
  uint8_t *first;
  uint64_t stride;
  bool columnMajor;
  unsigned elementBytes;

  uint8_t *at(unsigned row, unsigned column) const {
    uint64_t index =
        columnMajor ? column * stride + row : row * stride + column;
    return first + index * elementBytes;
  }
};

float load(MatrixElement element, const uint8_t *from) {
  uint32_t word = 0;
  uint16_t half = 0;
  switch (element) {
  case MatrixElement::F16:
    std::memcpy(&half, from, sizeof half);
    return fromHalf(half);
  case MatrixElement::BF16:
    std::memcpy(&half, from, sizeof half);
    return fromBFloat(half);
  case MatrixElement::TF32:
    std::memcpy(&word, from, sizeof word);
    return std::bit_cast<float>(word & ~0x1fffu);
  case MatrixElement::F32:
    break;
  }
  std::memcpy(&word, from, sizeof word);
  return std::bit_cast<float>(word);
}

/// A NaN becomes visible as the canonical one.
void store(float value, uint8_t *to) {
  if (std::isnan(value))
    value = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(to, &value, sizeof value);
}

/// A's columns and B's rows.
unsigned depth(MatrixElement element) {
  return element == MatrixElement::TF32 ? 8 : 16;
}

/// One element of A × B + C: products of two such inputs are exact in f64;
/// they are added to C in ascending order of k, and the sum is rounded once.
float multiplyAdd(const float *row, const float *column, float c, unsigned k) {
  double sum = c;
  for (unsigned i = 0; i < k; ++i) {
    double product = double(row[i]) * double(column[16 * i]);
    sum += product;
  }
  float rounded = float(sum);
  return std::isnan(rounded) ? std::numeric_limits<float>::quiet_NaN()
                             : rounded;
}

} // namespace

bool WarpMatrices::isValid(const abi::Collective &call) {
  const uint32_t fragment = call.a & 0xff, element = call.a >> 8 & 0xff;
  const bool isLayout = call.a >> 16 <= 1;
  switch (call.op) {
  case CollectiveOp::MatrixFill:
    return call.a < accumulators;
  case CollectiveOp::MatrixLoadA:
  case CollectiveOp::MatrixLoadB:
    return fragment < inputs && isLayout &&
           element <= uint32_t(MatrixElement::TF32);
  case CollectiveOp::MatrixLoadC:
  case CollectiveOp::MatrixStore:
    return fragment < accumulators && isLayout;
  case CollectiveOp::MatrixMma:
    return fragment < accumulators && (call.a >> 8 & 0xff) < inputs &&
           (call.a >> 16 & 0xff) < inputs && call.a >> 24 < accumulators &&
           call.b <= uint32_t(MatrixElement::TF32);
  default:
    return false;
  }
}

void WarpMatrices::apply(const abi::Collective &call) {
  const unsigned fragment = call.a & 0xff;
  MatrixElement element = MatrixElement(call.a >> 8 & 0xff);
  if (call.op == CollectiveOp::MatrixLoadC ||
      call.op == CollectiveOp::MatrixStore)
    element = MatrixElement::F32;
  const bool halves =
      element == MatrixElement::F16 || element == MatrixElement::BF16;
  const View view{reinterpret_cast<uint8_t *>(uintptr_t(call.value)), call.b,
                  (call.a >> 16 & 1) != 0, halves ? 2u : 4u};
  auto read = [&](Tile &into, unsigned rows, unsigned columns) {
    for (unsigned row = 0; row < rows; ++row)
      for (unsigned column = 0; column < columns; ++column)
        into[16 * row + column] = load(element, view.at(row, column));
  };
  FloatEnvironment environment;
  switch (call.op) {
  case CollectiveOp::MatrixFill:
    c[fragment].fill(std::bit_cast<float>(uint32_t(call.value)));
    break;
  case CollectiveOp::MatrixLoadA:
    read(a[fragment], 16, depth(element));
    break;
  case CollectiveOp::MatrixLoadB:
    read(b[fragment], depth(element), 16);
    break;
  case CollectiveOp::MatrixLoadC:
    read(c[fragment], 16, 16);
    break;
  case CollectiveOp::MatrixStore:
    for (unsigned row = 0; row < 16; ++row)
      for (unsigned column = 0; column < 16; ++column)
        store(c[fragment][16 * row + column], view.at(row, column));
    break;
  case CollectiveOp::MatrixMma: {
    const Tile &left = a[call.a >> 8 & 0xff], &right = b[call.a >> 16 & 0xff];
    const Tile added = c[call.a >> 24]; // may be the result's own
    const unsigned k = depth(MatrixElement(call.b));
    for (unsigned row = 0; row < 16; ++row)
      for (unsigned column = 0; column < 16; ++column)
        c[fragment][16 * row + column] = multiplyAdd(
            &left[16 * row], &right[column], added[16 * row + column], k);
    break;
  }
  default:
    break;
  }
}

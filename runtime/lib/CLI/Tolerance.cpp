//===- Tolerance.cpp - bounds instead of bits -----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All differences are computed in f64, where those of two f32 are exact.
//
//===----------------------------------------------------------------------===//

#include "Tolerance.h"

#include "lib/Quote.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace twrun::cli {

namespace {

Error wrong(std::string_view text) {
  return makeError(ErrorKind::Invalid,
                   quoteName(text) +
                       " is not a tolerance: expected abs:X, rel:X or ulp:N, "
                       "or several with commas between them, X a number from 0 "
                       "on, N an integer");
}

/// Takes a number of type T, all of `text`.
template <typename T> std::optional<T> number(std::string_view text) {
  T value{};
  auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string shortText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

/// Floats in their order as integers in theirs: ±0 is 0.
template <typename Bits> int64_t ordered(Bits bits) {
  constexpr Bits sign = Bits(1) << (8 * sizeof(Bits) - 1);
  const int64_t magnitude = int64_t(bits & ~sign);
  return bits & sign ? -magnitude : magnitude;
}

template <typename Float, typename Bits>
Deviation difference(const uint8_t *device, const uint8_t *interpreter) {
  Bits a, b;
  Float x, y;
  std::memcpy(&a, device, sizeof a);
  std::memcpy(&b, interpreter, sizeof b);
  std::memcpy(&x, device, sizeof x);
  std::memcpy(&y, interpreter, sizeof y);
  Deviation d;
  d.count = 1;
  d.absolute = x == y ? 0 : std::fabs(double(x) - double(y));
  d.relative = d.absolute == 0 ? 0 : d.absolute / std::fabs(double(y));
  // Both are at least -2^63 + 1: no difference overflows 64 bits unsigned.
  const int64_t p = ordered(a), q = ordered(b);
  d.ulps = p > q ? uint64_t(p) - uint64_t(q) : uint64_t(q) - uint64_t(p);
  if (!std::isfinite(x) || !std::isfinite(y))
    d.count = 0;
  return d;
}

} // namespace

Expected<Tolerance> parseTolerance(std::string_view text) {
  Tolerance tolerance;
  for (std::string_view rest = text;;) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view bound = rest.substr(0, comma);
    const std::string_view kind = bound.substr(0, 4);
    const std::string_view value = bound.substr(kind.size());
    if (kind == "ulp:") {
      std::optional<uint64_t> ulps = number<uint64_t>(value);
      if (!ulps || tolerance.ulps)
        return wrong(text);
      tolerance.ulps = ulps;
    } else if (kind == "abs:" || kind == "rel:") {
      auto &into = kind == "abs:" ? tolerance.absolute : tolerance.relative;
      std::optional<double> limit = number<double>(value);
      if (!limit || into || !(*limit >= 0) || std::isinf(*limit))
        return wrong(text);
      into = limit;
    } else {
      return wrong(text);
    }
    if (comma == rest.size())
      return tolerance;
    rest.remove_prefix(comma + 1);
  }
}

void Deviation::add(const Deviation &more) {
  count += more.count;
  absolute = std::max(absolute, more.absolute);
  relative = std::max(relative, more.relative);
  ulps = std::max(ulps, more.ulps);
}

bool isWithin(const Tolerance &tolerance, ElementType type,
              const uint8_t *device, const uint8_t *interpreter,
              Deviation &largest) {
  const Deviation d = type == ElementType::F32
                          ? difference<float, uint32_t>(device, interpreter)
                          : difference<double, uint64_t>(device, interpreter);
  // An infinity is near nothing else.
  if (d.count == 0)
    return false;
  const bool within =
      (tolerance.absolute && d.absolute <= *tolerance.absolute) ||
      (tolerance.relative && d.relative <= *tolerance.relative) ||
      (tolerance.ulps && d.ulps <= *tolerance.ulps);
  if (within)
    largest.add(d);
  return within;
}

std::string describe(const Tolerance &tolerance, const Deviation &largest) {
  std::string bounds;
  auto bound = [&](const char *kind, const std::string &limit) {
    bounds += (bounds.empty() ? "" : ",") + std::string(kind) + limit;
  };
  if (tolerance.absolute)
    bound("abs:", shortText(*tolerance.absolute));
  if (tolerance.relative)
    bound("rel:", shortText(*tolerance.relative));
  if (tolerance.ulps)
    bound("ulp:", std::to_string(*tolerance.ulps));
  if (largest.count == 0)
    return "no number differs (" + bounds + " allowed)";
  return std::to_string(largest.count) +
         (largest.count == 1 ? " number differs" : " numbers differ") +
         " within " + bounds + ", by at most " + shortText(largest.absolute) +
         " absolute, " + shortText(largest.relative) + " relative, " +
         std::to_string(largest.ulps) + " ulp";
}

} // namespace twrun::cli

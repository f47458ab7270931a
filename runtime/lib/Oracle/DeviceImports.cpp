//===- DeviceImports.cpp - the `tw` module for the oracle -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

#include <bit>
#include <cmath>

namespace interp = wabt::interp;

namespace twrun {

namespace {

/// tw.thread_id_x … tw.grid_dim_z: three coordinates of four quantities.
struct Coordinate {
  const char *prefix;
  uint32_t (ThreadPosition::*field)[3];
};
constexpr Coordinate coordinates[] = {
    {"thread_id_", &ThreadPosition::threadId},
    {"block_id_", &ThreadPosition::blockId},
    {"block_dim_", &ThreadPosition::blockDim},
    {"grid_dim_", &ThreadPosition::gridDim},
};

/// The word of `position` that `name` asks for, or null.
const uint32_t *findCoordinate(const std::string &name,
                               const ThreadPosition &position) {
  for (const Coordinate &c : coordinates) {
    std::string prefix = c.prefix;
    if (name.size() != prefix.size() + 1 ||
        name.compare(0, prefix.size(), prefix))
      continue;
    char axis = name.back();
    if (axis >= 'x' && axis <= 'z')
      return &(position.*c.field)[axis - 'x'];
  }
  return nullptr;
}

// Values are read and written by their bits: moving a signalling NaN through
// a C++ float is not guaranteed to keep it.
uint32_t fmaBits(uint32_t a, uint32_t b, uint32_t c) {
  float r = std::fma(std::bit_cast<float>(a), std::bit_cast<float>(b),
                     std::bit_cast<float>(c));
  return std::isnan(r) ? 0x7fc00000u : std::bit_cast<uint32_t>(r);
}

uint64_t fmaBits(uint64_t a, uint64_t b, uint64_t c) {
  double r = std::fma(std::bit_cast<double>(a), std::bit_cast<double>(b),
                      std::bit_cast<double>(c));
  return std::isnan(r) ? 0x7ff8000000000000u : std::bit_cast<uint64_t>(r);
}

template <typename Bits>
interp::HostFunc::Ptr makeFma(interp::Store &store, wabt::Type::Enum type) {
  interp::FuncType signature({type, type, type}, {type});
  return interp::HostFunc::New(
      store, signature,
      [](interp::Thread &, const interp::Values &params,
         interp::Values &results, interp::Trap::Ptr *) {
        results[0].Set<Bits>(fmaBits(params[0].Get<Bits>(),
                                     params[1].Get<Bits>(),
                                     params[2].Get<Bits>()));
        return wabt::Result::Ok;
      });
}

} // namespace

interp::HostFunc::Ptr makeDeviceImport(interp::Store &store,
                                       const std::string &name,
                                       const ThreadPosition &position) {
  if (const uint32_t *word = findCoordinate(name, position)) {
    interp::FuncType signature({}, {wabt::Type::I32});
    return interp::HostFunc::New(
        store, signature,
        [word](interp::Thread &, const interp::Values &,
               interp::Values &results, interp::Trap::Ptr *) {
          results[0].Set<uint32_t>(*word);
          return wabt::Result::Ok;
        });
  }
  if (name == "fma_f32")
    return makeFma<uint32_t>(store, wabt::Type::F32);
  if (name == "fma_f64")
    return makeFma<uint64_t>(store, wabt::Type::F64);
  return {};
}

} // namespace twrun

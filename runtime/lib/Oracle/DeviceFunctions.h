//===- DeviceFunctions.h - making the `tw` functions ------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Device*.cpp: the families of imports, and what they have in
// common.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_DEVICEFUNCTIONS_H
#define TWRUN_LIB_ORACLE_DEVICEFUNCTIONS_H

#include "DeviceImports.h"

#include <optional>
#include <string_view>

namespace twrun::device {

using wabt::interp::HostFunc;
using wabt::interp::Store;
using wabt::interp::Thread;
using wabt::interp::Values;
using Types = std::vector<wabt::Type>;

/// Each gives the function of that name, if it is of its family.
using Family = HostFunc::Ptr(Store &, std::string_view name, DeviceContext &);
Family makePlace, makeCollective, makeShared, makeAtomic, makeArithmetic,
    makeMatrix, makeOutput;

/// Why a function traps, if it does.
using Trapped = std::optional<abi::TrapCode>;

/// A host function whose `body` is Trapped(Thread &, const Values &, Values &).
template <typename Body>
HostFunc::Ptr make(Store &store, Types params, Types results, Body body) {
  return HostFunc::New(
      store, wabt::interp::FuncType(std::move(params), std::move(results)),
      [body](Thread &running, const Values &arguments, Values &returned,
             wabt::interp::Trap::Ptr *trap) {
        if (Trapped code = body(running, arguments, returned))
          return raise(running, *code, trap);
        return wabt::Result(wabt::Result::Ok);
      });
}

/// A value type as the names of imports have it.
struct Scalar {
  std::string_view name;
  wabt::Type::Enum type;
  abi::ReduceType reduce;
  unsigned bytes;
  bool isFloat() const { return reduce >= abi::ReduceType::F32; }
};
inline constexpr Scalar scalars[] = {
    {"i32", wabt::Type::I32, abi::ReduceType::I32, 4},
    {"i64", wabt::Type::I64, abi::ReduceType::I64, 8},
    {"f32", wabt::Type::F32, abi::ReduceType::F32, 4},
    {"f64", wabt::Type::F64, abi::ReduceType::F64, 8}};

/// Takes `prefix` off the front of `name`, if it is there.
inline bool consume(std::string_view &name, std::string_view prefix) {
  if (!name.starts_with(prefix))
    return false;
  name.remove_prefix(prefix.size());
  return true;
}
/// Takes "_type" off the end of `name`: which type it is, or null.
const Scalar *consumeType(std::string_view &name);

// Values travel by their bits, zero-extended: moving a signalling NaN through
// a C++ float is not guaranteed to keep it.
inline uint64_t bitsOf(const wabt::interp::Value &value, const Scalar &scalar) {
  return scalar.bytes == 4 ? value.Get<uint32_t>() : value.Get<uint64_t>();
}
inline void setBits(wabt::interp::Value &value, const Scalar &scalar,
                    uint64_t bits) {
  if (scalar.bytes == 4)
    value.Set<uint32_t>(uint32_t(bits));
  else
    value.Set<uint64_t>(bits);
}

/// The NaNs that arithmetic makes are canonical (docs/Semantics.md).
uint32_t canonicalBits(float value);
uint64_t canonicalBits(double value);

/// Memory that a host function accesses for its caller.
struct Accessed {
  uint8_t *data = nullptr;
  Trapped trap;
};
/// The `bytes` at `address` in the caller's memory 0, or why they cannot be
/// accessed: out of bounds, or on both sides of an edge of shared memory.
Accessed access(Thread &caller, DeviceContext &device, uint32_t address,
                uint64_t bytes);
/// The caller's memory 0; null if it has none.
wabt::interp::Ref callerMemory(Thread &caller, DeviceContext &device);

/// Whether [address, address + bytes) has bytes inside and outside of shared
/// memory. The sum must not overflow.
inline bool crossesWindow(const DeviceContext &device, wabt::interp::Ref memory,
                          uint64_t address, uint64_t bytes) {
  const uint64_t low = abi::sharedBase, high = low + device.sharedBytes;
  if (!device.sharedBytes || memory != device.windowMemory || bytes == 0)
    return false;
  const bool touches = address < high && address + bytes > low;
  return touches && (address < low || address + bytes > high);
}

/// Takes part in `call`; sets `result` unless it traps.
Trapped collective(DeviceContext &device, const abi::Collective &call,
                   uint64_t &result);

} // namespace twrun::device

#endif // TWRUN_LIB_ORACLE_DEVICEFUNCTIONS_H

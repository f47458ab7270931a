//===- DeviceImports.cpp - the `tw` module for the oracle -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the family of an import, and what its functions have in common. The
// families themselves are in the other Device*.cpp; here stands where a thread
// is.
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include <bit>
#include <cmath>

namespace interp = wabt::interp;

namespace twrun {

using abi::TrapCode;
using wabt::Type;

namespace device {

const Scalar *consumeType(std::string_view &name) {
  for (const Scalar &scalar : scalars) {
    const size_t length = scalar.name.size() + 1;
    if (name.size() <= length || !name.ends_with(scalar.name) ||
        name[name.size() - length] != '_')
      continue;
    name.remove_suffix(length);
    return &scalar;
  }
  return nullptr;
}

uint32_t canonicalBits(float value) {
  return std::isnan(value) ? 0x7fc00000u : std::bit_cast<uint32_t>(value);
}
uint64_t canonicalBits(double value) {
  return std::isnan(value) ? 0x7ff8000000000000u
                           : std::bit_cast<uint64_t>(value);
}

interp::Ref callerMemory(Thread &caller, DeviceContext &device) {
  const interp::Instance *instance = caller.GetCallerInstance();
  if (!instance)
    return device.kernelMemory;
  return instance->memories().empty() ? interp::Ref::Null
                                      : instance->memories()[0];
}

Accessed access(Thread &caller, DeviceContext &device, uint32_t address,
                uint64_t bytes) {
  const interp::Ref ref = callerMemory(caller, device);
  if (ref == interp::Ref::Null)
    return {nullptr, TrapCode::OutOfBoundsMemoryAccess};
  auto memory = caller.store().UnsafeGet<interp::Memory>(ref);
  if (bytes > memory->ByteSize() || address > memory->ByteSize() - bytes ||
      crossesWindow(device, ref, address, bytes))
    return {nullptr, TrapCode::OutOfBoundsMemoryAccess};
  return {memory->UnsafeData() + address, std::nullopt};
}

Trapped collective(DeviceContext &device, const abi::Collective &call,
                   uint64_t &result) {
  const CollectiveResult found = device.collective(call);
  if (found.trap != TrapCode::None)
    return found.trap;
  result = found.bits;
  return std::nullopt;
}

/// tw.thread_id_x … tw.grid_dim_z, lane_id, warp_id, warp_size, global_id.
HostFunc::Ptr makePlace(Store &store, std::string_view name,
                        DeviceContext &device) {
  auto word = [&](auto get) {
    return make(store, {}, {Type::I32},
                [&device, get](Thread &, const Values &, Values &results) {
                  results[0].Set<uint32_t>(get(device.position));
                  return Trapped();
                });
  };
  static constexpr struct {
    std::string_view prefix;
    uint32_t (ThreadPosition::*field)[3];
  } coordinates[] = {{"thread_id_", &ThreadPosition::threadId},
                     {"block_id_", &ThreadPosition::blockId},
                     {"block_dim_", &ThreadPosition::blockDim},
                     {"grid_dim_", &ThreadPosition::gridDim}};
  for (const auto &coordinate : coordinates) {
    std::string_view axis = name;
    if (!consume(axis, coordinate.prefix))
      continue;
    if (axis.size() != 1 || axis[0] < 'x' || axis[0] > 'z')
      return {};
    return word([field = coordinate.field,
                 index = axis[0] - 'x'](const ThreadPosition &position) {
      return (position.*field)[index];
    });
  }
  if (name == "lane_id")
    return word([](const ThreadPosition &position) {
      return uint32_t(position.linearThread() % warpSize);
    });
  if (name == "warp_id")
    return word([](const ThreadPosition &position) {
      return uint32_t(position.linearThread() / warpSize);
    });
  if (name == "warp_size")
    return word([](const ThreadPosition &) { return warpSize; });
  if (name == "global_id")
    return make(store, {}, {Type::I64},
                [&device](Thread &, const Values &, Values &results) {
                  const ThreadPosition &at = device.position;
                  const uint64_t threads = uint64_t(at.blockDim[0]) *
                                           at.blockDim[1] * at.blockDim[2];
                  results[0].Set<uint64_t>(at.linearBlock() * threads +
                                           at.linearThread());
                  return Trapped();
                });
  return {};
}

} // namespace device

wabt::Result raise(interp::Thread &running, TrapCode code,
                   interp::Trap::Ptr *trap) {
  *trap = interp::Trap::New(running.store(), abi::trapMessage(code));
  return wabt::Result::Error;
}

interp::HostFunc::Ptr makeDeviceImport(interp::Store &store,
                                       const std::string &name,
                                       DeviceContext &device) {
  using namespace twrun::device;
  for (Family *family : {makePlace, makeCollective, makeShared, makeAtomic,
                         makeArithmetic, makeMatrix, makeOutput})
    if (HostFunc::Ptr function = family(store, name, device))
      return function;
  return {};
}

} // namespace twrun

//===- DeviceShared.cpp - shared memory and copies to it ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While a block runs, its shared memory is where the guest sees it, in linear
// memory (GridWindows.h): loads and stores find it without help. What is left are
// the accesses across an edge of it, which trap.
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include <cstring>

namespace interp = wabt::interp;
using wabt::Type;

namespace twrun {

namespace device {

namespace {

HostFunc::Ptr makeConstant(Store &store, Types params, uint32_t value) {
  return make(store, std::move(params), {Type::I32},
              [value](Thread &, const Values &, Values &results) {
                results[0].Set<uint32_t>(value);
                return Trapped();
              });
}

/// An ordinary copy, done at once: a guest that waits as it must cannot tell.
HostFunc::Ptr makeCopy(Store &store, uint32_t bytes, DeviceContext &device) {
  return make(store, {Type::I32, Type::I32}, {},
              [&device, bytes](Thread &running, const Values &arguments,
                               Values &) -> Trapped {
                const Accessed to = access(running, device,
                                           arguments[0].Get<uint32_t>(), bytes);
                if (to.trap)
                  return to.trap;
                const Accessed from = access(
                    running, device, arguments[1].Get<uint32_t>(), bytes);
                if (from.trap)
                  return from.trap;
                std::memmove(to.data, from.data, bytes);
                return std::nullopt;
              });
}

} // namespace

HostFunc::Ptr makeShared(Store &store, std::string_view name,
                         DeviceContext &device) {
  if (name == "shared")
    return makeConstant(store, {Type::I32}, abi::sharedBase);
  if (name == "shared_base")
    return makeConstant(store, {}, abi::sharedBase);
  if (name == "shared_size")
    return make(store, {}, {Type::I32},
                [&device](Thread &, const Values &, Values &results) {
                  results[0].Set<uint32_t>(device.sharedBytes);
                  return Trapped();
                });
  auto nothing = [](Thread &, const Values &, Values &) { return Trapped(); };
  if (name == "copy_async_commit")
    return make(store, {}, {}, nothing);
  if (name == "copy_async_wait")
    return make(store, {Type::I32}, {}, nothing);
  if (name == "copy_async_4")
    return makeCopy(store, 4, device);
  if (name == "copy_async_8")
    return makeCopy(store, 8, device);
  if (name == "copy_async_16")
    return makeCopy(store, 16, device);
  return {};
}

} // namespace device

interp::HostFunc::Ptr makeWindowCheck(interp::Store &store,
                                      DeviceContext &device) {
  using namespace twrun::device;
  return make(
      store, {Type::I64, Type::I64, Type::I64, Type::I32}, {},
      [&device](Thread &running, const Values &arguments, Values &) -> Trapped {
        const interp::Instance *caller = running.GetCallerInstance();
        const uint32_t index = arguments[3].Get<uint32_t>();
        uint64_t end;
        if (!caller || index >= caller->memories().size() ||
            __builtin_add_overflow(arguments[0].Get<uint64_t>(),
                                   arguments[1].Get<uint64_t>(), &end))
          return std::nullopt; // the access itself traps
        const uint64_t address = end, bytes = arguments[2].Get<uint64_t>();
        if (!__builtin_add_overflow(address, bytes, &end) &&
            crossesWindow(device, caller->memories()[index], address, bytes))
          return abi::TrapCode::OutOfBoundsMemoryAccess;
        return std::nullopt;
      });
}

} // namespace twrun

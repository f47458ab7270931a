//===- DeviceOutput.cpp - printf, abort and clocks ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/DeviceInterface.md, "Output, time, end".
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include "lib/Block/FastMath.h"

#include <algorithm>
#include <cstring>

namespace interp = wabt::interp;
using wabt::Type;

namespace twrun::device {

namespace {

/// What can be read of the arguments at `address`.
void copyArguments(Thread &running, DeviceContext &device, uint32_t address,
                   abi::PrintRecord &record) {
  const interp::Ref ref = callerMemory(running, device);
  if (ref == interp::Ref::Null)
    return;
  auto memory = running.store().UnsafeGet<interp::Memory>(ref);
  const uint64_t size = memory->ByteSize();
  if (address >= size)
    return;
  record.argumentSize =
      uint32_t(std::min<uint64_t>(sizeof record.arguments, size - address));
  std::memcpy(record.arguments, memory->UnsafeData() + address,
              record.argumentSize);
}

uint32_t numberOfMemory(Thread &running, DeviceContext &device) {
  const interp::Ref ref = callerMemory(running, device);
  return ref == interp::Ref::Null || !device.memoryNumber
             ? 0
             : device.memoryNumber(ref);
}

} // namespace

HostFunc::Ptr makeOutput(Store &store, std::string_view name,
                         DeviceContext &device) {
  if (name == "printf")
    return make(
        store, {Type::I32, Type::I32}, {Type::I32},
        [&device](Thread &running, const Values &arguments, Values &results) {
          abi::PrintRecord record{};
          std::copy_n(device.position.blockId, 3, record.block);
          std::copy_n(device.position.threadId, 3, record.thread);
          record.memory = numberOfMemory(running, device);
          record.format = arguments[0].Get<uint32_t>();
          copyArguments(running, device, arguments[1].Get<uint32_t>(), record);
          results[0].Set<uint32_t>(device.print && device.print(record));
          return Trapped();
        });
  if (name == "abort")
    return make(store, {Type::I32}, {},
                [&device](Thread &running, const Values &arguments, Values &) {
                  device.abortMessage = arguments[0].Get<uint32_t>();
                  device.abortMemory = numberOfMemory(running, device);
                  return Trapped(abi::TrapCode::Aborted);
                });
  if (name == "clock")
    return make(store, {}, {Type::I64},
                [](Thread &, const Values &, Values &results) {
                  results[0].Set<uint64_t>(__builtin_readcyclecounter());
                  return Trapped();
                });
  if (name == "timer")
    return make(store, {}, {Type::I64},
                [](Thread &, const Values &, Values &results) {
                  results[0].Set<uint64_t>(timerNanoseconds());
                  return Trapped();
                });
  return {};
}

} // namespace twrun::device

//===- DeviceMatrix.cpp - tw.matrix_* -------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks what generated code checks, and leaves the fragments to the block
// engine.
//
//===----------------------------------------------------------------------===//

#include "DeviceFunctions.h"

#include <algorithm>

using wabt::Type;

namespace twrun::device {

using abi::Collective;
using abi::CollectiveOp;
using abi::MatrixElement;
using abi::TrapCode;

namespace {

constexpr uint32_t wholeWarp = 0xffffffff;

struct Element {
  std::string_view name;
  MatrixElement element;
  unsigned bytes;
  unsigned depth; // columns of A, rows of B
};
constexpr Element elements[] = {{"f16", MatrixElement::F16, 2, 16},
                                {"bf16", MatrixElement::BF16, 2, 16},
                                {"tf32", MatrixElement::TF32, 4, 8}};
constexpr Element accumulator{"f32", MatrixElement::F32, 4, 16};

// A lane may grow the memory while others wait with an address in it. Room for
// all that it can grow to keeps it where it is: WABT's memory is a vector,
// which can be reached as OracleBlock.cpp tells.
wabt::interp::Buffer &dataOf(wabt::interp::Memory &memory);
template <wabt::interp::Buffer wabt::interp::Memory::*Member>
struct DataAccess {
  friend wabt::interp::Buffer &dataOf(wabt::interp::Memory &memory) {
    return memory.*Member;
  }
};
template struct DataAccess<&wabt::interp::Memory::data_>;

void keepInPlace(Thread &caller, DeviceContext &device) {
  const wabt::interp::Ref ref = callerMemory(caller, device);
  if (!device.memoryGrows || ref == wabt::interp::Ref::Null)
    return;
  auto memory = caller.store().UnsafeGet<wabt::interp::Memory>(ref);
  const wabt::Limits &limits = memory->type().limits;
  const uint64_t pages =
      std::min<uint64_t>(limits.has_max ? limits.max : 65536, 65536);
  dataOf(*memory).reserve(pages << 16);
}

Trapped callWarp(DeviceContext &device, Collective call) {
  call.mask = wholeWarp;
  uint64_t ignored;
  return collective(device, call, ignored);
}

/// A thread's own stack is another place in each lane: no matrix can be there.
bool isOnStack(Thread &caller, DeviceContext &device, uint32_t address) {
  const bool isShared = callerMemory(caller, device) == device.windowMemory &&
                        address >= abi::sharedBase &&
                        address - abi::sharedBase < device.sharedBytes;
  return !isShared && address < device.stackTop &&
         callerMemory(caller, device) == device.stackMemory;
}

/// A load or store of a rows × columns matrix: (fragment, address, stride).
HostFunc::Ptr makeTransfer(Store &store, DeviceContext &device, CollectiveOp op,
                           const Element &element, unsigned rows,
                           unsigned columns, bool columnMajor) {
  // Consecutive elements of a line, and how many lines.
  const unsigned length = columnMajor ? rows : columns;
  const unsigned lines = columnMajor ? columns : rows;
  return make(
      store, {Type::I32, Type::I32, Type::I32}, {},
      [&device, op, element, length, lines, columnMajor](
          Thread &running, const Values &arguments, Values &) -> Trapped {
        const uint32_t fragment = arguments[0].Get<uint32_t>(),
                       address = arguments[1].Get<uint32_t>(),
                       stride = arguments[2].Get<uint32_t>();
        if (address % 32 || uint64_t(stride) * element.bytes % 16)
          return TrapCode::UnalignedMatrix;
        const uint64_t bytes =
            (uint64_t(lines - 1) * stride + length) * element.bytes;
        keepInPlace(running, device);
        const Accessed at = access(running, device, address, bytes);
        if (at.trap)
          return at.trap;
        if (isOnStack(running, device, address))
          return TrapCode::OutOfBoundsMemoryAccess;
        Collective call{};
        call.op = op;
        call.value = reinterpret_cast<uint64_t>(at.data);
        call.a = std::min(fragment, 0xffu) | uint32_t(element.element) << 8 |
                 uint32_t(columnMajor) << 16;
        call.b = stride;
        return callWarp(device, call);
      });
}

/// Whether a load or store is named by row or by column; neither: empty.
std::optional<bool> consumeLayout(std::string_view &name) {
  for (bool columnMajor : {false, true}) {
    const std::string_view layout = columnMajor ? "_col" : "_row";
    if (name.ends_with(layout)) {
      name.remove_suffix(layout.size());
      return columnMajor;
    }
  }
  return std::nullopt;
}

HostFunc::Ptr makeFill(Store &store, DeviceContext &device) {
  return make(store, {Type::I32, Type::F32}, {},
              [&device](Thread &, const Values &arguments, Values &) {
                Collective call{};
                call.op = CollectiveOp::MatrixFill;
                call.value = arguments[1].Get<uint32_t>();
                call.a = arguments[0].Get<uint32_t>();
                return callWarp(device, call);
              });
}

HostFunc::Ptr makeMma(Store &store, MatrixElement element,
                      DeviceContext &device) {
  return make(store, Types(4, Type::I32), {},
              [&device, element](Thread &, const Values &arguments, Values &) {
                Collective call{};
                call.op = CollectiveOp::MatrixMma;
                for (unsigned i = 0; i < 4; ++i)
                  call.a |= std::min(arguments[i].Get<uint32_t>(), 0xffu)
                            << 8 * i;
                call.b = uint32_t(element);
                return callWarp(device, call);
              });
}

} // namespace

HostFunc::Ptr makeMatrix(Store &store, std::string_view name,
                         DeviceContext &device) {
  if (!consume(name, "matrix_"))
    return {};
  if (name == "fill_f32")
    return makeFill(store, device);
  if (consume(name, "mma_")) {
    for (const Element &element : elements)
      if (name == element.name)
        return makeMma(store, element.element, device);
    return {};
  }
  const std::optional<bool> columnMajor = consumeLayout(name);
  if (!columnMajor)
    return {};
  if (name == "load_f32" || name == "store_f32")
    return makeTransfer(store, device,
                        name == "load_f32" ? CollectiveOp::MatrixLoadC
                                           : CollectiveOp::MatrixStore,
                        accumulator, 16, 16, *columnMajor);
  const bool isA = consume(name, "load_a_");
  if (!isA && !consume(name, "load_b_"))
    return {};
  for (const Element &element : elements)
    if (name == element.name)
      return makeTransfer(
          store, device,
          isA ? CollectiveOp::MatrixLoadA : CollectiveOp::MatrixLoadB, element,
          isA ? 16 : element.depth, isA ? element.depth : 16, *columnMajor);
  return {};
}

} // namespace twrun::device

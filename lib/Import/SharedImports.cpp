//===- SharedImports.cpp - imports of shared memory and atomics -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The families of docs/DeviceInterface.md, "Shared memory", "Atomics" and
// "Asynchronous copy to shared memory".
//
//===----------------------------------------------------------------------===//

#include "DeviceImports.h"

using namespace mlir;
using namespace twc;
using twasm::MemoryOrder;
using twasm::MemoryScope;
using twasm::ScopedRmwKind;

static constexpr MemoryOrder orders[] = {
    MemoryOrder::relaxed, MemoryOrder::acquire, MemoryOrder::release,
    MemoryOrder::acq_rel, MemoryOrder::seq_cst};
static constexpr MemoryOrder loadOrders[] = {
    MemoryOrder::relaxed, MemoryOrder::acquire, MemoryOrder::seq_cst};
static constexpr MemoryOrder storeOrders[] = {
    MemoryOrder::relaxed, MemoryOrder::release, MemoryOrder::seq_cst};
static constexpr MemoryScope scopes[] = {
    MemoryScope::block, MemoryScope::device, MemoryScope::system};

static constexpr ScopedRmwKind integerKinds[] = {
    ScopedRmwKind::add,   ScopedRmwKind::min_s, ScopedRmwKind::min_u,
    ScopedRmwKind::max_s, ScopedRmwKind::max_u, ScopedRmwKind::and_,
    ScopedRmwKind::or_,   ScopedRmwKind::xor_,  ScopedRmwKind::xchg};
static constexpr ScopedRmwKind floatKinds[] = {
    ScopedRmwKind::add, ScopedRmwKind::min, ScopedRmwKind::max,
    ScopedRmwKind::xchg};

static constexpr wabt::Type::Enum i32 = wabt::Type::I32;

void twc::addSharedMemoryImports(DeviceTable &table) {
  table.add("shared", {i32}, {i32}, [](DeviceCall &c) -> Value {
    // What is free is known only when the stacks are planned; this much no
    // address can have.
    std::optional<uint64_t> bytes =
        c.requireConstant(0, "the size of shared memory", uint64_t(1) << 31);
    if (!bytes)
      return {};
    return twasm::SharedOp::create(c.builder, c.loc, c.builder.getI32Type(),
                                   *bytes);
  });
  table.add("shared_base", {}, {i32}, [](DeviceCall &c) -> Value {
    return twasm::SharedBaseOp::create(c.builder, c.loc,
                                       c.builder.getI32Type());
  });
  table.add("shared_size", {}, {i32}, [](DeviceCall &c) -> Value {
    return twasm::SharedSizeOp::create(c.builder, c.loc,
                                       c.builder.getI32Type());
  });
  for (uint32_t bytes : {4, 8, 16})
    table.add("copy_async_" + Twine(bytes), {i32, i32}, {},
              [bytes](DeviceCall &c) -> Value {
                twasm::CopyAsyncOp::create(c.builder, c.loc, bytes,
                                           c.arguments[0], c.arguments[1],
                                           FlatSymbolRefAttr());
                return {};
              });
  table.add("copy_async_commit", {}, {}, [](DeviceCall &c) -> Value {
    twasm::CopyAsyncCommitOp::create(c.builder, c.loc);
    return {};
  });
  table.add("copy_async_wait", {i32}, {}, [](DeviceCall &c) -> Value {
    // Fewer groups than asked for may be open; PTX takes any constant, but
    // no program has that many.
    uint64_t groups = c.findConstant(0).value_or(0);
    twasm::CopyAsyncWaitOp::create(c.builder, c.loc,
                                   std::min<uint64_t>(groups, 1 << 20));
    return {};
  });
}

/// Adds `name`_ORDER_SCOPE for all scopes and the given orders.
template <typename Build>
static void addScoped(DeviceTable &table, const Twine &name,
                      ArrayRef<MemoryOrder> allowed, DeviceTable::Types params,
                      DeviceTable::Types results, Build build) {
  for (MemoryOrder order : allowed)
    for (MemoryScope scope : scopes)
      table.add(name + "_" + twasm::stringifyMemoryOrder(order) + "_" +
                    twasm::stringifyMemoryScope(scope),
                params, results, [=](DeviceCall &c) -> Value {
                  return build(c, order, scope);
                });
}

void twc::addAtomicImports(DeviceTable &table) {
  FlatSymbolRefAttr own; // memory
  for (auto [name, type] : deviceTypes) {
    bool isFloat = type == wabt::Type::F32 || type == wabt::Type::F64;
    ArrayRef<ScopedRmwKind> kinds = integerKinds;
    if (isFloat)
      kinds = floatKinds;
    for (ScopedRmwKind kind : kinds)
      addScoped(table,
                "atomic_" + twasm::stringifyScopedRmwKind(kind) + "_" + name,
                orders, {i32, type}, {type},
                [=](DeviceCall &c, MemoryOrder order, MemoryScope scope) {
                  return twasm::ScopedRmwOp::create(
                      c.builder, c.loc, c.arguments[1].getType(), kind, order,
                      scope, c.arguments[1], c.arguments[0], own);
                });
    addScoped(table, "atomic_cmpxchg_" + name, orders, {i32, type, type},
              {type}, [=](DeviceCall &c, MemoryOrder order, MemoryScope scope) {
                return twasm::ScopedCmpxchgOp::create(
                    c.builder, c.loc, c.arguments[1].getType(), order, scope,
                    c.arguments[1], c.arguments[2], c.arguments[0], own);
              });
    addScoped(table, "atomic_store_" + name, storeOrders, {i32, type}, {},
              [=](DeviceCall &c, MemoryOrder order, MemoryScope scope) {
                twasm::ScopedStoreOp::create(c.builder, c.loc, order, scope,
                                             c.arguments[1], c.arguments[0],
                                             own);
                return Value();
              });
    auto typeOf = [type = type](OpBuilder &b) -> Type {
      switch (type) {
      case wabt::Type::I32:
        return b.getI32Type();
      case wabt::Type::I64:
        return b.getI64Type();
      case wabt::Type::F32:
        return b.getF32Type();
      default:
        return b.getF64Type();
      }
    };
    addScoped(table, "atomic_load_" + name, loadOrders, {i32}, {type},
              [=](DeviceCall &c, MemoryOrder order, MemoryScope scope) {
                return twasm::ScopedLoadOp::create(
                    c.builder, c.loc, typeOf(c.builder), order, scope,
                    c.arguments[0], own);
              });
  }
}

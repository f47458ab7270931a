//===- SharedEntry.cpp - shared memory at the start of a kernel -----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PTX alone; on the host the runtime gives each block zeroed bytes.
//
//===----------------------------------------------------------------------===//

#include "Target.h"

using namespace mlir;
using namespace twc;

/// Dynamic: the launch says how large it is. As aligned as anything in it can
/// ask for.
static LLVM::GlobalOp getSharedMemory(OpBuilder &b, ModuleOp module) {
  constexpr ::llvm::StringLiteral name = "tw_shared_memory";
  if (auto global = module.lookupSymbol<LLVM::GlobalOp>(name))
    return global;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  return LLVM::GlobalOp::create(
      b, module.getLoc(), LLVM::LLVMArrayType::get(b.getI8Type(), 0),
      /*isConstant=*/false, LLVM::Linkage::External, name, Attribute(),
      /*alignment=*/128, sharedAddressSpace);
}

static Value readRegister(OpBuilder &b, Location loc, const Twine &name) {
  return makeIntrinsic(b, loc, b.getI32Type(), "read.ptx.sreg." + name, {});
}

/// The threads of the block zero its shared memory together, 16 bytes each in
/// turn, and wait for each other. In 32 bits: a block has 1,024 threads at most,
/// and far less memory than 2^32.
Value twc::openSharedMemory(OpBuilder &b, Location loc, ModuleOp module,
                            Value bytes) {
  Type i32 = b.getI32Type(), i64 = b.getI64Type();
  auto constant = [&](int32_t value) -> Value {
    return LLVM::ConstantOp::create(b, loc, b.getI32IntegerAttr(value));
  };
  Value shared = LLVM::AddressOfOp::create(b, loc, getSharedMemory(b, module));
  Value index = constant(0), count = constant(1);
  for (StringRef dim : {"z", "y", "x"}) {
    Value size = readRegister(b, loc, "ntid." + dim);
    index =
        LLVM::AddOp::create(b, loc, LLVM::MulOp::create(b, loc, index, size),
                            readRegister(b, loc, "tid." + dim));
    count = LLVM::MulOp::create(b, loc, count, size);
  }
  auto scale = [&](Value value) -> Value {
    return LLVM::ShlOp::create(b, loc, value, constant(4));
  };
  Value end = LLVM::TruncOp::create(b, loc, i32, bytes);
  Value first = scale(index), step = scale(count);
  Value zero = LLVM::ZeroOp::create(b, loc, VectorType::get({4}, i32));
  Block *before = b.getInsertionBlock();
  Region *region = before->getParent();
  Block *head =
      b.createBlock(region, std::next(before->getIterator()), i32, loc);
  Block *body = b.createBlock(region, std::next(head->getIterator()));
  Block *after = b.createBlock(region, std::next(body->getIterator()));
  b.setInsertionPointToEnd(before);
  LLVM::BrOp::create(b, loc, ValueRange(first), head);
  b.setInsertionPointToStart(head);
  Value position = head->getArgument(0);
  Value more =
      LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ult, position, end);
  LLVM::CondBrOp::create(b, loc, more, body, after);
  b.setInsertionPointToStart(body);
  Value offset = LLVM::ZExtOp::create(b, loc, i64, position);
  LLVM::StoreOp::create(b, loc, zero, addBytes(b, loc, shared, offset), 16);
  Value next = LLVM::AddOp::create(b, loc, position, step);
  LLVM::BrOp::create(b, loc, ValueRange(next), head);
  b.setInsertionPointToStart(after);
  // PTX ISA, "barrier.sync": with all threads of the block.
  makeIntrinsic(b, loc, {}, "barrier.cta.sync.all", constant(0));
  return shared;
}

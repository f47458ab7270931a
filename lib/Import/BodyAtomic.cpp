//===- BodyAtomic.cpp - atomic instructions of a body ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The threads proposal's instructions.
//
//===----------------------------------------------------------------------===//

#include "BodyReader.h"

using namespace mlir;
using namespace twc;

WResult BodyReader::OnAtomicLoadExpr(wabt::Opcode, Index memory, Address align,
                                     Address offset) {
  return build([&] {
    f->push(twasm::AtomicLoadOp::create(
        b(), loc(), resultType(), instruction->storageBits, f->pop(), offset,
        align, module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnAtomicStoreExpr(wabt::Opcode, Index memory, Address align,
                                      Address offset) {
  return build([&] {
    Value value = f->pop();
    Value index = f->pop();
    twasm::AtomicStoreOp::create(b(), loc(), instruction->storageBits, value,
                                 index, offset, align,
                                 module.getMemoryRef(memory));
  });
}

WResult BodyReader::OnAtomicRmwExpr(wabt::Opcode, Index memory, Address align,
                                    Address offset) {
  return build([&] {
    Value value = f->pop();
    Value index = f->pop();
    f->push(twasm::AtomicRmwOp::create(
        b(), loc(), resultType(),
        *twasm::symbolizeRmwKind(instruction->shape),
        instruction->storageBits, value, index, offset, align,
        module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnAtomicRmwCmpxchgExpr(wabt::Opcode, Index memory,
                                           Address align, Address offset) {
  return build([&] {
    Value replacement = f->pop();
    Value expected = f->pop();
    Value index = f->pop();
    f->push(twasm::AtomicCmpxchgOp::create(
        b(), loc(), resultType(), instruction->storageBits, expected,
        replacement, index, offset, align, module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnAtomicWaitExpr(wabt::Opcode, Index memory, Address align,
                                     Address offset) {
  return build([&] {
    Value timeout = f->pop();
    Value expected = f->pop();
    Value index = f->pop();
    f->push(twasm::AtomicWaitOp::create(b(), loc(), b().getI32Type(), expected,
                                        timeout, index, offset, align,
                                        module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnAtomicNotifyExpr(wabt::Opcode, Index memory,
                                       Address align, Address offset) {
  return build([&] {
    Value count = f->pop();
    Value index = f->pop();
    f->push(twasm::AtomicNotifyOp::create(b(), loc(), b().getI32Type(), count,
                                          index, offset, align,
                                          module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnAtomicFenceExpr(uint32_t) {
  return build([&] { twasm::AtomicFenceOp::create(b(), loc()); });
}

//===- BodyMemory.cpp - memory instructions of a body ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads, stores, sizes and bulk operations. An access names its memory unless
// that is the module's first.
//
//===----------------------------------------------------------------------===//

#include "BodyReader.h"

using namespace mlir;
using namespace twc;

WResult BodyReader::OnLoadExpr(wabt::Opcode, Index memory, Address align,
                               Address offset) {
  return build([&] {
    if (!instruction->shape.empty()) // v128.load8x8_s …
      return buildSimd(1, memoryImmediates(memory, align, offset));
    Type type = resultType();
    uint32_t bits = instruction->storageBits;
    Value index = f->pop();
    FlatSymbolRefAttr ref = module.getMemoryRef(memory);
    if (instruction->sign == 's')
      f->push(twasm::LoadSOp::create(b(), loc(), type, bits, index, offset,
                                     align, ref));
    else if (instruction->sign == 'u')
      f->push(twasm::LoadUOp::create(b(), loc(), type, bits, index, offset,
                                     align, ref));
    else
      f->push(twasm::LoadOp::create(b(), loc(), type, index, offset, align,
                                    ref));
  });
}

WResult BodyReader::OnStoreExpr(wabt::Opcode, Index memory, Address align,
                                Address offset) {
  return build([&] {
    Value value = f->pop();
    Value index = f->pop();
    uint32_t bits = instruction->storageBits;
    FlatSymbolRefAttr ref = module.getMemoryRef(memory);
    if (value.getType().isInteger() &&
        bits < value.getType().getIntOrFloatBitWidth())
      twasm::StoreNOp::create(b(), loc(), bits, value, index, offset, align,
                              ref);
    else
      twasm::StoreOp::create(b(), loc(), value, index, offset, align, ref);
  });
}

WResult BodyReader::OnMemorySizeExpr(Index memory) {
  return build([&] {
    f->push(twasm::MemorySizeOp::create(b(), loc(),
                                        module.getAddressType(memory),
                                        module.getMemoryRef(memory)));
  });
}

WResult BodyReader::OnMemoryGrowExpr(Index memory) {
  return build([&] {
    module.getLinker().noteGrows(module.getSymbols().memories[memory]);
    f->push(twasm::MemoryGrowOp::create(b(), loc(),
                                        module.getAddressType(memory),
                                        f->pop(),
                                        module.getMemoryRef(memory)));
  });
}

// The destination comes first in the binary format (spec 5.4.7), and WABT hands
// both on in that order, whatever its reader calls them.
WResult BodyReader::OnMemoryCopyExpr(Index dst, Index src) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::MemoryCopyOp::create(b(), loc(), values[0], values[1], values[2],
                                module.getMemoryRef(dst),
                                module.getMemoryRef(src));
  });
}

WResult BodyReader::OnMemoryFillExpr(Index memory) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::MemoryFillOp::create(b(), loc(), values[0], values[1], values[2],
                                module.getMemoryRef(memory));
  });
}

WResult BodyReader::OnMemoryInitExpr(Index segment, Index memory) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::MemoryInitOp::create(b(), loc(), module.getSymbols().data[segment],
                                values[0], values[1], values[2],
                                module.getMemoryRef(memory));
  });
}

WResult BodyReader::OnDataDropExpr(Index segment) {
  return build([&] {
    twasm::DataDropOp::create(b(), loc(), module.getSymbols().data[segment]);
  });
}

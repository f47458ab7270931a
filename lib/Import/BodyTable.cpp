//===- BodyTable.cpp - reference and table instructions of a body ---------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec sections 4.4.2 and 4.4.6.
//
//===----------------------------------------------------------------------===//

#include "BodyReader.h"

using namespace mlir;
using namespace twc;

WResult BodyReader::OnRefNullExpr(WType type) {
  return build([&] {
    f->push(twasm::RefNullOp::create(b(), loc(), module.convertType(type)));
  });
}

WResult BodyReader::OnRefIsNullExpr() {
  return build([&] {
    f->push(twasm::RefIsNullOp::create(b(), loc(), b().getI32Type(), f->pop()));
  });
}

WResult BodyReader::OnRefFuncExpr(Index function) {
  return build([&] {
    f->push(twasm::RefFuncOp::create(b(), loc(),
                                     module.convertType(WType::FuncRef),
                                     module.getSymbols().functions[function]));
  });
}

WResult BodyReader::OnTableGetExpr(Index table) {
  return build([&] {
    f->push(twasm::TableGetOp::create(
        b(), loc(), module.convertType(facts.tables[table].type),
        module.getSymbols().tables[table], f->pop()));
  });
}

WResult BodyReader::OnTableSetExpr(Index table) {
  return build([&] {
    Value value = f->pop();
    Value index = f->pop();
    twasm::TableSetOp::create(b(), loc(), module.getSymbols().tables[table],
                              index, value);
  });
}

WResult BodyReader::OnTableSizeExpr(Index table) {
  return build([&] {
    f->push(twasm::TableSizeOp::create(b(), loc(), b().getI32Type(),
                                       module.getSymbols().tables[table]));
  });
}

WResult BodyReader::OnTableGrowExpr(Index table) {
  return build([&] {
    module.getLinker().noteGrows(module.getSymbols().tables[table]);
    SmallVector<Value> values = f->pop(2);
    f->push(twasm::TableGrowOp::create(b(), loc(), b().getI32Type(),
                                       module.getSymbols().tables[table],
                                       values[0], values[1]));
  });
}

WResult BodyReader::OnTableFillExpr(Index table) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::TableFillOp::create(b(), loc(), module.getSymbols().tables[table],
                               values[0], values[1], values[2]);
  });
}

WResult BodyReader::OnTableCopyExpr(Index dst, Index src) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::TableCopyOp::create(b(), loc(), module.getSymbols().tables[dst],
                               module.getSymbols().tables[src], values[0],
                               values[1], values[2]);
  });
}

WResult BodyReader::OnTableInitExpr(Index segment, Index table) {
  return build([&] {
    SmallVector<Value> values = f->pop(3);
    twasm::TableInitOp::create(b(), loc(), module.getSymbols().tables[table],
                               module.getSymbols().elems[segment], values[0],
                               values[1], values[2]);
  });
}

WResult BodyReader::OnElemDropExpr(Index segment) {
  return build([&] {
    twasm::ElemDropOp::create(b(), loc(), module.getSymbols().elems[segment]);
  });
}

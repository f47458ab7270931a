//===- TWasmDialect.cpp - the twasm dialect -------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration and constant materialisation.
//
//===----------------------------------------------------------------------===//

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace twc::twasm;

#include "TWasm/TWasmDialect.cpp.inc"
#include "TWasm/TWasmEnums.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "TWasm/TWasmTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "TWasm/TWasmAttrs.cpp.inc"

void TWasmDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "TWasm/TWasmTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "TWasm/TWasmAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "TWasm/TWasmOps.cpp.inc"
      >();
}

Operation *TWasmDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location loc) {
  auto typed = dyn_cast<TypedAttr>(value);
  if (!typed || typed.getType() != type)
    return nullptr;
  return ConstOp::create(builder, loc, type, typed);
}

//===- RewriteSimd.cpp - relaxed SIMD that the interpreter lacks ----------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused multiply-add by a host function, lane by lane, and the dot product
// with addition by instructions that WABT has right.
//
//===----------------------------------------------------------------------===//

#include "Rewriter.h"

using wabt::Index;
using wabt::Opcode;
using wabt::Type;

namespace twrun::rewrite {

/// a * b + c in each lane, rounded once; or -(a * b) + c, where negating a
/// first comes to the same.
Index Rewriter::madd(Opcode opcode) {
  const bool wide =
      opcode == Opcode::F64X2RelaxedMadd || opcode == Opcode::F64X2RelaxedNmadd;
  const bool negates = opcode == Opcode::F32X4RelaxedNmadd ||
                       opcode == Opcode::F64X2RelaxedNmadd;
  return standIn(
      opcode, 0, 0, {Type::V128, Type::V128, Type::V128}, {Type::V128},
      [&](Code &code) {
        code.get(0); // lanes are replaced one by one
        for (uint64_t lane = 0; lane < (wide ? 2 : 4); ++lane) {
          for (Index operand : {0, 1, 2}) {
            code.get(operand);
            code.add<wabt::SimdLaneOpExpr>(wide ? Opcode::F64X2ExtractLane
                                                : Opcode::F32X4ExtractLane,
                                           lane);
            if (operand == 0 && negates)
              code.add<wabt::UnaryExpr>(wide ? Opcode::F64Neg : Opcode::F32Neg);
          }
          code.add<wabt::CallExpr>(added(wide ? FmaF64 : FmaF32));
          code.add<wabt::SimdLaneOpExpr>(
              wide ? Opcode::F64X2ReplaceLane : Opcode::F32X4ReplaceLane, lane);
        }
      });
}

/// Relaxed SIMD: dot product to 16-bit lanes, pairs of those added to
/// 32-bit lanes, and c.
Index Rewriter::dotAdd(Opcode opcode) {
  return standIn(opcode, 0, 0, {Type::V128, Type::V128, Type::V128},
                 {Type::V128}, [&](Code &code) {
                   code.get(0);
                   code.get(1);
                   code.add<wabt::BinaryExpr>(Opcode::I16X8DotI8X16I7X16S);
                   code.add<wabt::UnaryExpr>(Opcode::I32X4ExtaddPairwiseI16X8S);
                   code.get(2);
                   code.add<wabt::BinaryExpr>(Opcode::I32X4Add);
                 });
}

} // namespace twrun::rewrite

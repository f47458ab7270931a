//===- TWasmConvert.td - conversions and select -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec sections 4.3.4 (conversions) and 4.4.3 (parametric
// instructions).
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_CONVERT_TD
#define TWASM_CONVERT_TD

include "TWasmNumeric.td"

//===-- Conversions -------------------------------------------------------===//

def TWasm_WrapOp : TWasm_Convert<"wrap", I64, I32, "the value modulo 2^32"> {
  let wasmInstrs = [WasmInstr<"i32.wrap_i64", 0xA7, ["i64"], "i32">];
  let upstreamOp = "arith.trunci";
  let mappingRow = 21;
}
def TWasm_ExtendSOp : TWasm_Convert<"extend_s", I32, I64,
    "the value, sign-extended"> {
  let wasmInstrs = [WasmInstr<"i64.extend_i32_s", 0xAC, ["i32"], "i64">];
  let upstreamOp = "arith.extsi";
  let mappingRow = 22;
}
def TWasm_ExtendUOp : TWasm_Convert<"extend_u", I32, I64,
    "the value, zero-extended"> {
  let wasmInstrs = [WasmInstr<"i64.extend_i32_u", 0xAD, ["i32"], "i64">];
  let upstreamOp = "arith.extui";
  let mappingRow = 22;
}

class TWasm_ExtendN<string m, int width, list<WasmInstr> instrs>
    : TWasm_Unary<m, TWasm_Int,
                  "the low " # width # " bits, sign-extended"> {
  let wasmInstrs = instrs;
  let upstreamOp = "arith.trunci + arith.extsi";
  let mappingRow = 22;
}
def TWasm_Extend8SOp : TWasm_ExtendN<"extend8_s", 8, [
    WasmInstr<"i32.extend8_s", 0xC0, ["i32"], "i32">,
    WasmInstr<"i64.extend8_s", 0xC2, ["i64"], "i64">]>;
def TWasm_Extend16SOp : TWasm_ExtendN<"extend16_s", 16, [
    WasmInstr<"i32.extend16_s", 0xC1, ["i32"], "i32">,
    WasmInstr<"i64.extend16_s", 0xC3, ["i64"], "i64">]>;
def TWasm_Extend32SOp : TWasm_ExtendN<"extend32_s", 32, [
    WasmInstr<"i64.extend32_s", 0xC4, ["i64"], "i64">]>;

def TWasm_TruncSOp : TWasm_Convert<"trunc_s", TWasm_Float, TWasm_Int,
    "the signed integer toward zero; traps on NaN and out of range",
    [TWasm_MayTrap]> {
  let wasmInstrs = [WasmInstr<"i32.trunc_f32_s", 0xA8, ["f32"], "i32">,
                    WasmInstr<"i32.trunc_f64_s", 0xAA, ["f64"], "i32">,
                    WasmInstr<"i64.trunc_f32_s", 0xAE, ["f32"], "i64">,
                    WasmInstr<"i64.trunc_f64_s", 0xB0, ["f64"], "i64">];
  let upstreamOp = "arith.fptosi";
}
def TWasm_TruncUOp : TWasm_Convert<"trunc_u", TWasm_Float, TWasm_Int,
    "the unsigned integer toward zero; traps on NaN and out of range",
    [TWasm_MayTrap]> {
  let wasmInstrs = [WasmInstr<"i32.trunc_f32_u", 0xA9, ["f32"], "i32">,
                    WasmInstr<"i32.trunc_f64_u", 0xAB, ["f64"], "i32">,
                    WasmInstr<"i64.trunc_f32_u", 0xAF, ["f32"], "i64">,
                    WasmInstr<"i64.trunc_f64_u", 0xB1, ["f64"], "i64">];
  let upstreamOp = "arith.fptoui";
}
def TWasm_TruncSatSOp : TWasm_Convert<"trunc_sat_s", TWasm_Float, TWasm_Int,
    "the signed integer toward zero, saturating; 0 for NaN"> {
  let wasmInstrs = [WasmInstr<"i32.trunc_sat_f32_s", 0, ["f32"], "i32", 0xFC>,
                    WasmInstr<"i32.trunc_sat_f64_s", 2, ["f64"], "i32", 0xFC>,
                    WasmInstr<"i64.trunc_sat_f32_s", 4, ["f32"], "i64", 0xFC>,
                    WasmInstr<"i64.trunc_sat_f64_s", 6, ["f64"], "i64", 0xFC>];
  let upstreamOp = "llvm.fptosi.sat";
}
def TWasm_TruncSatUOp : TWasm_Convert<"trunc_sat_u", TWasm_Float, TWasm_Int,
    "the unsigned integer toward zero, saturating; 0 for NaN"> {
  let wasmInstrs = [WasmInstr<"i32.trunc_sat_f32_u", 1, ["f32"], "i32", 0xFC>,
                    WasmInstr<"i32.trunc_sat_f64_u", 3, ["f64"], "i32", 0xFC>,
                    WasmInstr<"i64.trunc_sat_f32_u", 5, ["f32"], "i64", 0xFC>,
                    WasmInstr<"i64.trunc_sat_f64_u", 7, ["f64"], "i64", 0xFC>];
  let upstreamOp = "llvm.fptoui.sat";
}
def TWasm_ConvertSOp : TWasm_Convert<"convert_s", TWasm_Int, TWasm_Float,
    "the signed integer as a float, rounded to nearest even"> {
  let wasmInstrs = [WasmInstr<"f32.convert_i32_s", 0xB2, ["i32"], "f32">,
                    WasmInstr<"f32.convert_i64_s", 0xB4, ["i64"], "f32">,
                    WasmInstr<"f64.convert_i32_s", 0xB7, ["i32"], "f64">,
                    WasmInstr<"f64.convert_i64_s", 0xB9, ["i64"], "f64">];
  let upstreamOp = "arith.sitofp";
}
def TWasm_ConvertUOp : TWasm_Convert<"convert_u", TWasm_Int, TWasm_Float,
    "the unsigned integer as a float, rounded to nearest even"> {
  let wasmInstrs = [WasmInstr<"f32.convert_i32_u", 0xB3, ["i32"], "f32">,
                    WasmInstr<"f32.convert_i64_u", 0xB5, ["i64"], "f32">,
                    WasmInstr<"f64.convert_i32_u", 0xB8, ["i32"], "f64">,
                    WasmInstr<"f64.convert_i64_u", 0xBA, ["i64"], "f64">];
  let upstreamOp = "arith.uitofp";
}
def TWasm_DemoteOp : TWasm_Convert<"demote", F64, F32,
    "the nearest f32, ties to even"> {
  let wasmInstrs = [WasmInstr<"f32.demote_f64", 0xB6, ["f64"], "f32">];
  let upstreamOp = "arith.truncf";
}
def TWasm_PromoteOp : TWasm_Convert<"promote", F32, F64, "the same value"> {
  let wasmInstrs = [WasmInstr<"f64.promote_f32", 0xBB, ["f32"], "f64">];
  let upstreamOp = "arith.extf";
}
def TWasm_ReinterpretOp : TWasm_Convert<"reinterpret", TWasm_Num, TWasm_Num,
    "the same bits as another type of the same width"> {
  let wasmInstrs = [WasmInstr<"i32.reinterpret_f32", 0xBC, ["f32"], "i32">,
                    WasmInstr<"i64.reinterpret_f64", 0xBD, ["f64"], "i64">,
                    WasmInstr<"f32.reinterpret_i32", 0xBE, ["i32"], "f32">,
                    WasmInstr<"f64.reinterpret_i64", 0xBF, ["i64"], "f64">];
  let upstreamOp = "arith.bitcast";
  let mappingRow = 20;
  let hasVerifier = 1;
}

//===-- Parametric --------------------------------------------------------===//

def TWasm_SelectOp : TWasm_Op<"select", [Pure,
    AllTypesMatch<["trueValue", "falseValue", "result"]>]> {
  let summary = "the first value if the condition is not zero, else the second";
  let description = [{
    `select` of the Wasm spec, section 4.4.3.

    ```mlir
    %r = twasm.select %cond, %a, %b : f32
    ```
  }];
  let arguments = (ins I32:$condition, TWasm_Value:$trueValue,
                       TWasm_Value:$falseValue);
  let results = (outs TWasm_Value:$result);
  let assemblyFormat =
      "$condition `,` $trueValue `,` $falseValue attr-dict `:` type($result)";
  let wasmInstrs = [WasmInstr<"select", 0x1B, [], "">,
                    WasmInstr<"select t", 0x1C, [], "">];
  let upstreamOp = "arith.select";
  let mappingRow = 14;
}

#endif // TWASM_CONVERT_TD

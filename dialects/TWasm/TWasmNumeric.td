//===- TWasmNumeric.td - numeric ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm core spec sections 4.3 (operators) and 4.4.1 (instructions).
// None of these ops has side effects, except those that may trap.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_NUMERIC_TD
#define TWASM_NUMERIC_TD

include "TWasmTypes.td"

//===-- Families ----------------------------------------------------------===//

class TWasm_Numeric<string mnemonic, string meaning, list<Trait> traits>
    : TWasm_Op<mnemonic, traits> {
  let summary = meaning;
}

class TWasm_SameType<string mnemonic, TypeConstraint type, string meaning,
                     string example, list<Trait> traits>
    : TWasm_Numeric<mnemonic, meaning,
                    !listconcat([SameOperandsAndResultType], traits)> {
  let description = "`" # mnemonic # "` of the Wasm spec, section 4.3: " #
                    meaning # ".\n\n```mlir\n" # example # "\n```\n";
  let results = (outs type:$result);
}

class TWasm_Unary<string mnemonic, TypeConstraint type, string meaning,
                  list<Trait> traits = [Pure]>
    : TWasm_SameType<mnemonic, type, meaning,
                     "%r = twasm." # mnemonic # " %a : " #
                         !if(!eq(!substr(mnemonic, 0, 1), "f"), "f32", "i32"),
                     traits> {
  let arguments = (ins type:$value);
  let assemblyFormat = "$value attr-dict `:` type($result)";
}

class TWasm_Binary<string mnemonic, TypeConstraint type, string meaning,
                   list<Trait> traits = [Pure]>
    : TWasm_SameType<mnemonic, type, meaning,
                     "%r = twasm." # mnemonic # " %a, %b : " #
                         !if(!eq(!substr(mnemonic, 0, 1), "f"), "f32", "i32"),
                     traits> {
  let arguments = (ins type:$lhs, type:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

class TWasm_Compare<string mnemonic, TypeConstraint type, string meaning>
    : TWasm_Numeric<mnemonic, meaning, [Pure, SameTypeOperands]> {
  let description = "`" # mnemonic # "` of the Wasm spec, section 4.3: 1 if " #
                    meaning # ", else 0.\n\n```mlir\n%r = twasm." #
                    mnemonic # " %a, %b : " #
                    !if(!eq(!substr(mnemonic, 0, 1), "f"), "f32", "i32") #
                    "\n```\n";
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs I32:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
}

class TWasm_Convert<string mnemonic, TypeConstraint from, TypeConstraint to,
                    string meaning, list<Trait> traits = [Pure]>
    : TWasm_Numeric<mnemonic, meaning, traits> {
  let description = "`" # mnemonic # "` of the Wasm spec, section 4.3.4: " #
                    meaning # ".\n";
  let arguments = (ins from:$value);
  let results = (outs to:$result);
  let assemblyFormat =
      "$value attr-dict `:` type($value) `to` type($result)";
}

/// The i32 and i64 instructions of an integer operator.
class IInstrs<string name, int c32, int c64, int arity> {
  list<WasmInstr> value = [
    WasmInstr<"i32." # name, c32, !listsplat("i32", arity), "i32">,
    WasmInstr<"i64." # name, c64, !listsplat("i64", arity), "i64">];
}
class FInstrs<string name, int c32, int c64, int arity> {
  list<WasmInstr> value = [
    WasmInstr<"f32." # name, c32, !listsplat("f32", arity), "f32">,
    WasmInstr<"f64." # name, c64, !listsplat("f64", arity), "f64">];
}

/// An op that may trap observes memory as it stands and ends the thread; the
/// write to a trap resource keeps it alive and in order (design: "dead loads
/// still trap").
def TWasm_TrapResource : Resource<"::twc::twasm::TrapResource">;
def TWasm_MayTrap : MemoryEffects<[MemWrite<TWasm_TrapResource>]>;

class TWasm_IUn<string m, string wasm, int c32, int c64, string up, string doc>
    : TWasm_Unary<m, TWasm_Int, doc> {
  let wasmInstrs = IInstrs<wasm, c32, c64, 1>.value;
  let upstreamOp = up;
}
class TWasm_IBin<string m, string wasm, int c32, int c64, string up, int row,
                 string doc, list<Trait> traits = [Pure]>
    : TWasm_Binary<m, TWasm_Int, doc, traits> {
  let wasmInstrs = IInstrs<wasm, c32, c64, 2>.value;
  let upstreamOp = up;
  let mappingRow = row;
}
class TWasm_FUn<string m, string wasm, int c32, int c64, string up, string doc>
    : TWasm_Unary<m, TWasm_Float, doc> {
  let wasmInstrs = FInstrs<wasm, c32, c64, 1>.value;
  let upstreamOp = up;
}
class TWasm_FBin<string m, string wasm, int c32, int c64, string up, int row,
                 string doc> : TWasm_Binary<m, TWasm_Float, doc> {
  let wasmInstrs = FInstrs<wasm, c32, c64, 2>.value;
  let upstreamOp = up;
  let mappingRow = row;
}
class TWasm_IRel<string m, string wasm, int c32, int c64, string doc>
    : TWasm_Compare<m, TWasm_Int, doc> {
  let wasmInstrs = [WasmInstr<"i32." # wasm, c32, ["i32", "i32"], "i32">,
                    WasmInstr<"i64." # wasm, c64, ["i64", "i64"], "i32">];
  let upstreamOp = "arith.cmpi";
}
class TWasm_FRel<string m, string wasm, int c32, int c64, string doc>
    : TWasm_Compare<m, TWasm_Float, doc> {
  let wasmInstrs = [WasmInstr<"f32." # wasm, c32, ["f32", "f32"], "i32">,
                    WasmInstr<"f64." # wasm, c64, ["f64", "f64"], "i32">];
  let upstreamOp = "arith.cmpf";
}

//===-- Constants ---------------------------------------------------------===//

def TWasm_ConstOp : TWasm_Op<"const", [Pure, ConstantLike,
    AllTypesMatch<["value", "result"]>]> {
  let summary = "a number";
  let description = [{
    `t.const c` of the Wasm spec, section 4.4.1. Every bit of a NaN is kept.

    ```mlir
    %r = twasm.const 42 : i32
    ```
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs TWasm_NumVec:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
  let wasmInstrs = [WasmInstr<"i32.const", 0x41, [], "i32">,
                    WasmInstr<"i64.const", 0x42, [], "i64">,
                    WasmInstr<"f32.const", 0x43, [], "f32">,
                    WasmInstr<"f64.const", 0x44, [], "f64">,
                    WasmInstr<"v128.const", 0x0C, [], "v128", 0xFD>];
  let upstreamOp = "arith.constant";
}

//===-- Integers ----------------------------------------------------------===//

let hasFolder = 1 in {
def TWasm_IAddOp : TWasm_IBin<"iadd", "add", 0x6A, 0x7C, "arith.addi", 1,
    "the sum modulo 2^N">;
def TWasm_ISubOp : TWasm_IBin<"isub", "sub", 0x6B, 0x7D, "arith.subi", 2,
    "the difference modulo 2^N">;
def TWasm_IMulOp : TWasm_IBin<"imul", "mul", 0x6C, 0x7E, "arith.muli", 3,
    "the product modulo 2^N">;
}
def TWasm_IDivSOp : TWasm_IBin<"idiv_s", "div_s", 0x6D, 0x7F, "arith.divsi", 4,
    "the signed quotient, truncated; traps on a zero divisor and on overflow",
    [TWasm_MayTrap]>;
def TWasm_IDivUOp : TWasm_IBin<"idiv_u", "div_u", 0x6E, 0x80, "arith.divui", 4,
    "the unsigned quotient, truncated; traps on a zero divisor",
    [TWasm_MayTrap]>;
def TWasm_IRemSOp : TWasm_IBin<"irem_s", "rem_s", 0x6F, 0x81, "arith.remsi", 4,
    "the signed remainder, with the dividend's sign; traps on a zero divisor",
    [TWasm_MayTrap]>;
def TWasm_IRemUOp : TWasm_IBin<"irem_u", "rem_u", 0x70, 0x82, "arith.remui", 4,
    "the unsigned remainder; traps on a zero divisor", [TWasm_MayTrap]>;
def TWasm_IAndOp : TWasm_IBin<"iand", "and", 0x71, 0x83, "arith.andi", 0,
    "the bitwise conjunction">;
def TWasm_IOrOp : TWasm_IBin<"ior", "or", 0x72, 0x84, "arith.ori", 0,
    "the bitwise disjunction">;
def TWasm_IXorOp : TWasm_IBin<"ixor", "xor", 0x73, 0x85, "arith.xori", 0,
    "the bitwise exclusive disjunction">;
def TWasm_IShlOp : TWasm_IBin<"ishl", "shl", 0x74, 0x86, "arith.shli", 0,
    "lhs shifted left by rhs modulo N bits">;
def TWasm_IShrSOp : TWasm_IBin<"ishr_s", "shr_s", 0x75, 0x87, "arith.shrsi", 0,
    "lhs shifted right by rhs modulo N bits, filled with the sign">;
def TWasm_IShrUOp : TWasm_IBin<"ishr_u", "shr_u", 0x76, 0x88, "arith.shrui", 0,
    "lhs shifted right by rhs modulo N bits, filled with zeros">;
def TWasm_IRotlOp : TWasm_IBin<"irotl", "rotl", 0x77, 0x89, "llvm.intr.fshl", 0,
    "lhs rotated left by rhs modulo N bits">;
def TWasm_IRotrOp : TWasm_IBin<"irotr", "rotr", 0x78, 0x8A, "llvm.intr.fshr", 0,
    "lhs rotated right by rhs modulo N bits">;
def TWasm_IClzOp : TWasm_IUn<"iclz", "clz", 0x67, 0x79, "math.ctlz",
    "the count of leading zero bits; N for zero">;
def TWasm_ICtzOp : TWasm_IUn<"ictz", "ctz", 0x68, 0x7A, "math.cttz",
    "the count of trailing zero bits; N for zero">;
def TWasm_IPopcntOp : TWasm_IUn<"ipopcnt", "popcnt", 0x69, 0x7B, "math.ctpop",
    "the count of one bits">;

def TWasm_IEqzOp : TWasm_Numeric<"ieqz", "the operand is zero", [Pure]> {
  let description = [{
    `ieqz` of the Wasm spec, section 4.3: 1 if the operand is zero, else 0.

    ```mlir
    %r = twasm.ieqz %a : i64
    ```
  }];
  let arguments = (ins TWasm_Int:$value);
  let results = (outs I32:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let wasmInstrs = [WasmInstr<"i32.eqz", 0x45, ["i32"], "i32">,
                    WasmInstr<"i64.eqz", 0x50, ["i64"], "i32">];
  let upstreamOp = "arith.cmpi";
}
def TWasm_IEqOp : TWasm_IRel<"ieq", "eq", 0x46, 0x51, "lhs equals rhs">;
def TWasm_INeOp : TWasm_IRel<"ine", "ne", 0x47, 0x52, "lhs differs from rhs">;
def TWasm_ILtSOp : TWasm_IRel<"ilt_s", "lt_s", 0x48, 0x53, "lhs < rhs, signed">;
def TWasm_ILtUOp : TWasm_IRel<"ilt_u", "lt_u", 0x49, 0x54, "lhs < rhs, unsigned">;
def TWasm_IGtSOp : TWasm_IRel<"igt_s", "gt_s", 0x4A, 0x55, "lhs > rhs, signed">;
def TWasm_IGtUOp : TWasm_IRel<"igt_u", "gt_u", 0x4B, 0x56, "lhs > rhs, unsigned">;
def TWasm_ILeSOp : TWasm_IRel<"ile_s", "le_s", 0x4C, 0x57, "lhs <= rhs, signed">;
def TWasm_ILeUOp : TWasm_IRel<"ile_u", "le_u", 0x4D, 0x58, "lhs <= rhs, unsigned">;
def TWasm_IGeSOp : TWasm_IRel<"ige_s", "ge_s", 0x4E, 0x59, "lhs >= rhs, signed">;
def TWasm_IGeUOp : TWasm_IRel<"ige_u", "ge_u", 0x4F, 0x5A, "lhs >= rhs, unsigned">;

//===-- Floats ------------------------------------------------------------===//

def TWasm_FAbsOp : TWasm_FUn<"fabs", "abs", 0x8B, 0x99, "math.absf",
    "the operand with its sign bit cleared, NaN bits kept">;
def TWasm_FNegOp : TWasm_FUn<"fneg", "neg", 0x8C, 0x9A, "arith.negf",
    "the operand with its sign bit flipped, NaN bits kept">;
def TWasm_FCeilOp : TWasm_FUn<"fceil", "ceil", 0x8D, 0x9B, "math.ceil",
    "the smallest integral value that is not less">;
def TWasm_FFloorOp : TWasm_FUn<"ffloor", "floor", 0x8E, 0x9C, "math.floor",
    "the largest integral value that is not greater">;
def TWasm_FTruncOp : TWasm_FUn<"ftrunc", "trunc", 0x8F, 0x9D, "math.trunc",
    "the integral value nearest toward zero">;
def TWasm_FNearestOp : TWasm_FUn<"fnearest", "nearest", 0x90, 0x9E,
    "math.roundeven", "the nearest integral value, ties to even">;
def TWasm_FSqrtOp : TWasm_FUn<"fsqrt", "sqrt", 0x91, 0x9F, "math.sqrt",
    "the square root, correctly rounded">;
def TWasm_FAddOp : TWasm_FBin<"fadd", "add", 0x92, 0xA0, "arith.addf", 5,
    "the sum, rounded to nearest even, never contracted">;
def TWasm_FSubOp : TWasm_FBin<"fsub", "sub", 0x93, 0xA1, "arith.subf", 6,
    "the difference, rounded to nearest even, never contracted">;
def TWasm_FMulOp : TWasm_FBin<"fmul", "mul", 0x94, 0xA2, "arith.mulf", 7,
    "the product, rounded to nearest even, never contracted">;
def TWasm_FDivOp : TWasm_FBin<"fdiv", "div", 0x95, 0xA3, "arith.divf", 8,
    "the quotient, correctly rounded">;
def TWasm_FMinOp : TWasm_FBin<"fmin", "min", 0x96, 0xA4, "arith.minimumf", 0,
    "the lesser operand; NaN if either is NaN; -0 is less than +0">;
def TWasm_FMaxOp : TWasm_FBin<"fmax", "max", 0x97, 0xA5, "arith.maximumf", 0,
    "the greater operand; NaN if either is NaN; +0 is greater than -0">;
def TWasm_FCopysignOp : TWasm_FBin<"fcopysign", "copysign", 0x98, 0xA6,
    "math.copysign", 0, "lhs with the sign bit of rhs, NaN bits kept">;

def TWasm_FEqOp : TWasm_FRel<"feq", "eq", 0x5B, 0x61, "lhs equals rhs">;
def TWasm_FNeOp : TWasm_FRel<"fne", "ne", 0x5C, 0x62,
    "lhs differs from rhs or either is NaN">;
def TWasm_FLtOp : TWasm_FRel<"flt", "lt", 0x5D, 0x63, "lhs < rhs">;
def TWasm_FGtOp : TWasm_FRel<"fgt", "gt", 0x5E, 0x64, "lhs > rhs">;
def TWasm_FLeOp : TWasm_FRel<"fle", "le", 0x5F, 0x65, "lhs <= rhs">;
def TWasm_FGeOp : TWasm_FRel<"fge", "ge", 0x60, 0x66, "lhs >= rhs">;

def TWasm_FmaOp : TWasm_Op<"fma", [Pure, SameOperandsAndResultType]> {
  let summary = "a * b + c with one rounding";
  let description = [{
    The import `tw.fma_f32` or `tw.fma_f64`, and what `twasm-contract-floats`
    makes of a product and a sum: IEEE 754 fusedMultiplyAdd.

    ```mlir
    %r = twasm.fma %a, %b, %c : f32
    ```
  }];
  let arguments = (ins TWasm_Float:$a, TWasm_Float:$b, TWasm_Float:$c);
  let results = (outs TWasm_Float:$result);
  let assemblyFormat = "$a `,` $b `,` $c attr-dict `:` type($result)";
  let upstreamOp = "math.fma";
  let mappingRow = 9;
}

def TWasm_CanonicalizeNaNOp
    : TWasm_Unary<"canonicalize_nan", TWasm_Float,
                  "the operand, or the positive canonical NaN for any NaN"> {
  let description = [{
    Not a Wasm instruction: makes the deterministic profile's choice (Wasm
    spec, appendix "Profiles") where a NaN that arithmetic made becomes
    observable. Inserted by `twasm-canonicalize-nans`.

    ```mlir
    %r = twasm.canonicalize_nan %a : f32
    ```
  }];
  let upstreamOp = "arith.cmpf + arith.select";
}

#endif // TWASM_NUMERIC_TD

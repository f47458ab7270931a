//===- TWasmSimdInteger.td - integer vector ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integer arithmetic, shifts and comparisons, lane by lane.
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_INTEGER_TD
#define TWASM_SIMD_INTEGER_TD

include "TWasmSimdBase.td"

//===-- Arithmetic --------------------------------------------------------===//

def TWasm_VIAddOp : TWasm_VBinary<"viadd", TWasm_AnyInt, "i16x8",
    "the sums modulo 2^N"> {
  let wasmInstrs = VInstrs<"add", ["i8x16", "i16x8", "i32x4", "i64x2"],
      [0x6E, 0x8E, 0xAE, 0xCE], ["v128", "v128"]>.value;
  let upstreamOp = "arith.addi";
}
def TWasm_VISubOp : TWasm_VBinary<"visub", TWasm_AnyInt, "i16x8",
    "the differences modulo 2^N"> {
  let wasmInstrs = VInstrs<"sub", ["i8x16", "i16x8", "i32x4", "i64x2"],
      [0x71, 0x91, 0xB1, 0xD1], ["v128", "v128"]>.value;
  let upstreamOp = "arith.subi";
}
def TWasm_VIMulOp : TWasm_VBinary<"vimul", TWasm_Int16To64, "i16x8",
    "the products modulo 2^N"> {
  let wasmInstrs = VInstrs<"mul", ["i16x8", "i32x4", "i64x2"],
      [0x95, 0xB5, 0xD5], ["v128", "v128"]>.value;
  let upstreamOp = "arith.muli";
}
def TWasm_VAddSatSOp : TWasm_VBinary<"viadd_sat_s", TWasm_Int8To16, "i16x8",
    "the sums, or the signed value nearest to one that is out of range"> {
  let wasmInstrs = VInstrs<"add_sat_s", ["i8x16", "i16x8"],
      [0x6F, 0x8F], ["v128", "v128"]>.value;
  let upstreamOp = "llvm.intr.sadd.sat";
}
def TWasm_VAddSatUOp : TWasm_VBinary<"viadd_sat_u", TWasm_Int8To16, "i16x8",
    "the sums, or the unsigned value nearest to one that is out of range"> {
  let wasmInstrs = VInstrs<"add_sat_u", ["i8x16", "i16x8"],
      [0x70, 0x90], ["v128", "v128"]>.value;
  let upstreamOp = "llvm.intr.uadd.sat";
}
def TWasm_VSubSatSOp : TWasm_VBinary<"visub_sat_s", TWasm_Int8To16, "i16x8",
    "the differences, or the signed value nearest to one that is out of range"> {
  let wasmInstrs = VInstrs<"sub_sat_s", ["i8x16", "i16x8"],
      [0x72, 0x92], ["v128", "v128"]>.value;
  let upstreamOp = "llvm.intr.ssub.sat";
}
def TWasm_VSubSatUOp : TWasm_VBinary<"visub_sat_u", TWasm_Int8To16, "i16x8",
    "the differences, or the unsigned value nearest to one that is out of range"> {
  let wasmInstrs = VInstrs<"sub_sat_u", ["i8x16", "i16x8"],
      [0x73, 0x93], ["v128", "v128"]>.value;
  let upstreamOp = "llvm.intr.usub.sat";
}
def TWasm_VIMinSOp : TWasm_VBinary<"vimin_s", TWasm_Int8To32, "i16x8",
    "the lesser of each two lanes, signed"> {
  let wasmInstrs = VInstrs<"min_s", ["i8x16", "i16x8", "i32x4"],
      [0x76, 0x96, 0xB6], ["v128", "v128"]>.value;
  let upstreamOp = "arith.minsi";
  let mappingRow = 23;
}
def TWasm_VIMinUOp : TWasm_VBinary<"vimin_u", TWasm_Int8To32, "i16x8",
    "the lesser of each two lanes, unsigned"> {
  let wasmInstrs = VInstrs<"min_u", ["i8x16", "i16x8", "i32x4"],
      [0x77, 0x97, 0xB7], ["v128", "v128"]>.value;
  let upstreamOp = "arith.minui";
  let mappingRow = 23;
}
def TWasm_VIMaxSOp : TWasm_VBinary<"vimax_s", TWasm_Int8To32, "i16x8",
    "the greater of each two lanes, signed"> {
  let wasmInstrs = VInstrs<"max_s", ["i8x16", "i16x8", "i32x4"],
      [0x78, 0x98, 0xB8], ["v128", "v128"]>.value;
  let upstreamOp = "arith.maxsi";
  let mappingRow = 24;
}
def TWasm_VIMaxUOp : TWasm_VBinary<"vimax_u", TWasm_Int8To32, "i16x8",
    "the greater of each two lanes, unsigned"> {
  let wasmInstrs = VInstrs<"max_u", ["i8x16", "i16x8", "i32x4"],
      [0x79, 0x99, 0xB9], ["v128", "v128"]>.value;
  let upstreamOp = "arith.maxui";
  let mappingRow = 24;
}
def TWasm_VAvgrUOp : TWasm_VBinary<"viavgr_u", TWasm_Int8To16, "i16x8",
    "the averages of unsigned lanes, rounded up"> {
  let wasmInstrs = VInstrs<"avgr_u", ["i8x16", "i16x8"],
      [0x7B, 0x9B], ["v128", "v128"]>.value;
  let upstreamOp = "arith.addi + arith.shrui";
}
def TWasm_VIAbsOp : TWasm_VUnary<"viabs", TWasm_AnyInt, "i16x8",
    "the absolute values modulo 2^N"> {
  let wasmInstrs = VInstrs<"abs", ["i8x16", "i16x8", "i32x4", "i64x2"],
      [0x60, 0x80, 0xA0, 0xC0], ["v128"]>.value;
  let upstreamOp = "math.absi";
}
def TWasm_VINegOp : TWasm_VUnary<"vineg", TWasm_AnyInt, "i16x8",
    "the negated lanes modulo 2^N"> {
  let wasmInstrs = VInstrs<"neg", ["i8x16", "i16x8", "i32x4", "i64x2"],
      [0x61, 0x81, 0xA1, 0xC1], ["v128"]>.value;
  let upstreamOp = "arith.subi";
}
def TWasm_VPopcntOp : TWasm_VBitUnary<"vipopcnt",
    "the count of one bits of each byte"> {
  let wasmInstrs = [VInstr<"i8x16.popcnt", 0x62, ["v128"]>];
  let upstreamOp = "math.ctpop";
}
def TWasm_VQ15MulrSatSOp : TWasm_VBitBinary<"viq15mulr_sat_s",
    "for 16-bit lanes, (a * b + 2^14) >> 15, saturated"> {
  let wasmInstrs = [
    VInstr<"i16x8.q15mulr_sat_s", 0x82, ["v128", "v128"]>,
    VInstr<"i16x8.relaxed_q15mulr_s", 0x111, ["v128", "v128"]>];
  let upstreamOp = "arith.muli + arith.shrsi + arith.minsi";
}

//===-- Shifts ------------------------------------------------------------===//

class TWasm_VShift<string m, string wasm, list<int> codes, string up,
                   string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " i16x8 %a, %count"> {
  let arguments = (ins TWasm_AnyInt:$shape, TWasm_V128:$value, I32:$count);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $value `,` $count attr-dict";
  let wasmInstrs = VInstrs<wasm, ["i8x16", "i16x8", "i32x4", "i64x2"], codes,
                           ["v128", "i32"]>.value;
  let upstreamOp = up;
}
def TWasm_VIShlOp : TWasm_VShift<"vishl", "shl", [0x6B, 0x8B, 0xAB, 0xCB],
    "arith.shli", "lanes shifted left by count modulo N bits">;
def TWasm_VIShrSOp : TWasm_VShift<"vishr_s", "shr_s",
    [0x6C, 0x8C, 0xAC, 0xCC], "arith.shrsi",
    "lanes shifted right by count modulo N bits, filled with the sign">;
def TWasm_VIShrUOp : TWasm_VShift<"vishr_u", "shr_u",
    [0x6D, 0x8D, 0xAD, 0xCD], "arith.shrui",
    "lanes shifted right by count modulo N bits, filled with zeros">;

//===-- Comparisons -------------------------------------------------------===//

class TWasm_VIRel<string m, string wasm, Attr shapes, list<string> names,
                  list<int> codes, string meaning>
    : TWasm_VBinary<m, shapes, "i16x8", "all ones in a lane if " # meaning #
                                            ", else zero"> {
  let wasmInstrs = VInstrs<wasm, names, codes, ["v128", "v128"]>.value;
  let upstreamOp = "arith.cmpi + arith.extsi";
}
def TWasm_VIEqOp : TWasm_VIRel<"vieq", "eq", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x23, 0x2D, 0x37, 0xD6],
    "a = b">;
def TWasm_VINeOp : TWasm_VIRel<"vine", "ne", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x24, 0x2E, 0x38, 0xD7],
    "a differs from b">;
def TWasm_VILtSOp : TWasm_VIRel<"vilt_s", "lt_s", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x25, 0x2F, 0x39, 0xD8],
    "a < b, signed">;
def TWasm_VILtUOp : TWasm_VIRel<"vilt_u", "lt_u", TWasm_Int8To32,
    ["i8x16", "i16x8", "i32x4"], [0x26, 0x30, 0x3A],
    "a < b, unsigned">;
def TWasm_VIGtSOp : TWasm_VIRel<"vigt_s", "gt_s", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x27, 0x31, 0x3B, 0xD9],
    "a > b, signed">;
def TWasm_VIGtUOp : TWasm_VIRel<"vigt_u", "gt_u", TWasm_Int8To32,
    ["i8x16", "i16x8", "i32x4"], [0x28, 0x32, 0x3C],
    "a > b, unsigned">;
def TWasm_VILeSOp : TWasm_VIRel<"vile_s", "le_s", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x29, 0x33, 0x3D, 0xDA],
    "a <= b, signed">;
def TWasm_VILeUOp : TWasm_VIRel<"vile_u", "le_u", TWasm_Int8To32,
    ["i8x16", "i16x8", "i32x4"], [0x2A, 0x34, 0x3E],
    "a <= b, unsigned">;
def TWasm_VIGeSOp : TWasm_VIRel<"vige_s", "ge_s", TWasm_AnyInt,
    ["i8x16", "i16x8", "i32x4", "i64x2"], [0x2B, 0x35, 0x3F, 0xDB],
    "a >= b, signed">;
def TWasm_VIGeUOp : TWasm_VIRel<"vige_u", "ge_u", TWasm_Int8To32,
    ["i8x16", "i16x8", "i32x4"], [0x2C, 0x36, 0x40],
    "a >= b, unsigned">;

//===-- Products and sums of wider lanes ----------------------------------===//

// The shape is the result's; the operands' lanes are half as wide.
class TWasm_VExtmul<string m, string half, string sign, list<int> codes>
    : TWasm_VBinary<m, TWasm_Int16To64, "i16x8",
                    "the products of the " # half # " half's lanes, " #
                        !if(!eq(sign, "s"), "sign", "zero") # "-extended"> {
  let wasmInstrs = [
    VInstr<"i16x8.extmul_" # half # "_i8x16_" # sign, codes[0],
           ["v128", "v128"], "v128", "i16x8">,
    VInstr<"i32x4.extmul_" # half # "_i16x8_" # sign, codes[1],
           ["v128", "v128"], "v128", "i32x4">,
    VInstr<"i64x2.extmul_" # half # "_i32x4_" # sign, codes[2],
           ["v128", "v128"], "v128", "i64x2">];
  let upstreamOp =
      !if(!eq(sign, "s"), "arith.extsi", "arith.extui") # " + arith.muli";
}
def TWasm_VExtmulLowSOp
    : TWasm_VExtmul<"viextmul_low_s", "low", "s", [0x9C, 0xBC, 0xDC]>;
def TWasm_VExtmulHighSOp
    : TWasm_VExtmul<"viextmul_high_s", "high", "s", [0x9D, 0xBD, 0xDD]>;
def TWasm_VExtmulLowUOp
    : TWasm_VExtmul<"viextmul_low_u", "low", "u", [0x9E, 0xBE, 0xDE]>;
def TWasm_VExtmulHighUOp
    : TWasm_VExtmul<"viextmul_high_u", "high", "u", [0x9F, 0xBF, 0xDF]>;

class TWasm_VExtadd<string m, string sign, list<int> codes>
    : TWasm_VUnary<m, TWasm_Int16To32, "i16x8",
                   "the sums of neighbouring lanes, " #
                       !if(!eq(sign, "s"), "sign", "zero") # "-extended"> {
  let wasmInstrs = [
    VInstr<"i16x8.extadd_pairwise_i8x16_" # sign, codes[0], ["v128"], "v128",
           "i16x8">,
    VInstr<"i32x4.extadd_pairwise_i16x8_" # sign, codes[1], ["v128"], "v128",
           "i32x4">];
  let upstreamOp =
      !if(!eq(sign, "s"), "arith.extsi", "arith.extui") # " + arith.addi";
}
def TWasm_VExtaddSOp
    : TWasm_VExtadd<"viextadd_pairwise_s", "s", [0x7C, 0x7E]>;
def TWasm_VExtaddUOp
    : TWasm_VExtadd<"viextadd_pairwise_u", "u", [0x7D, 0x7F]>;

def TWasm_VDotSOp : TWasm_VBitBinary<"vidot_s",
    "32-bit sums of two neighbouring products of signed 16-bit lanes"> {
  let wasmInstrs = [VInstr<"i32x4.dot_i16x8_s", 0xBA, ["v128", "v128"]>];
  let upstreamOp = "arith.muli + arith.addi";
}
def TWasm_VDotI7SOp : TWasm_VBitBinary<"vidot_i8x16_s",
    "16-bit sums, modulo 2^16, of two neighbouring products of signed bytes"> {
  let wasmInstrs = [
    VInstr<"i16x8.dot_i8x16_i7x16_s", 0x112, ["v128", "v128"]>];
  let upstreamOp = "arith.muli + arith.addi";
}
def TWasm_VDotI7AddSOp : TWasm_Vector<"vidot_i8x16_add_s",
    "32-bit lanes c plus the sums of two neighbouring lanes of vidot_i8x16_s",
    "%r = twasm.vidot_i8x16_add_s %a, %b, %c"> {
  let arguments = (ins TWasm_V128:$lhs, TWasm_V128:$rhs, TWasm_V128:$acc);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$lhs `,` $rhs `,` $acc attr-dict";
  let wasmInstrs = [VInstr<"i32x4.dot_i8x16_i7x16_add_s", 0x113,
                           ["v128", "v128", "v128"]>];
  let upstreamOp = "arith.muli + arith.addi";
}

#endif // TWASM_SIMD_INTEGER_TD

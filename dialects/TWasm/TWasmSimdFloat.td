//===- TWasmSimdFloat.td - float vector ops -*- tablegen -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Float arithmetic, comparisons and conversions, lane by lane. A NaN that
// arithmetic makes is canonicalised where its bits can be seen
// (twasm-canonicalize-nans).
//
//===----------------------------------------------------------------------===//

#ifndef TWASM_SIMD_FLOAT_TD
#define TWASM_SIMD_FLOAT_TD

include "TWasmSimdBase.td"

//===-- Arithmetic --------------------------------------------------------===//

def TWasm_VFAbsOp : TWasm_VUnary<"vfabs", TWasm_AnyFloatShape, "f32x4",
    "the lanes with their sign bits cleared, NaN bits kept"> {
  let wasmInstrs = VInstrs<"abs", ["f32x4", "f64x2"],
      [0xE0, 0xEC], ["v128"]>.value;
  let upstreamOp = "arith.andi";
}
def TWasm_VFNegOp : TWasm_VUnary<"vfneg", TWasm_AnyFloatShape, "f32x4",
    "the lanes with their sign bits flipped, NaN bits kept"> {
  let wasmInstrs = VInstrs<"neg", ["f32x4", "f64x2"],
      [0xE1, 0xED], ["v128"]>.value;
  let upstreamOp = "arith.xori";
}
def TWasm_VFSqrtOp : TWasm_VUnary<"vfsqrt", TWasm_AnyFloatShape, "f32x4",
    "the square roots, correctly rounded"> {
  let wasmInstrs = VInstrs<"sqrt", ["f32x4", "f64x2"],
      [0xE3, 0xEF], ["v128"]>.value;
  let upstreamOp = "math.sqrt";
}
def TWasm_VFCeilOp : TWasm_VUnary<"vfceil", TWasm_AnyFloatShape, "f32x4",
    "the smallest integral values that are not less"> {
  let wasmInstrs = VInstrs<"ceil", ["f32x4", "f64x2"],
      [0x67, 0x74], ["v128"]>.value;
  let upstreamOp = "math.ceil";
}
def TWasm_VFFloorOp : TWasm_VUnary<"vffloor", TWasm_AnyFloatShape, "f32x4",
    "the largest integral values that are not greater"> {
  let wasmInstrs = VInstrs<"floor", ["f32x4", "f64x2"],
      [0x68, 0x75], ["v128"]>.value;
  let upstreamOp = "math.floor";
}
def TWasm_VFTruncOp : TWasm_VUnary<"vftrunc", TWasm_AnyFloatShape, "f32x4",
    "the integral values nearest toward zero"> {
  let wasmInstrs = VInstrs<"trunc", ["f32x4", "f64x2"],
      [0x69, 0x7A], ["v128"]>.value;
  let upstreamOp = "math.trunc";
}
def TWasm_VFNearestOp : TWasm_VUnary<"vfnearest", TWasm_AnyFloatShape, "f32x4",
    "the nearest integral values, ties to even"> {
  let wasmInstrs = VInstrs<"nearest", ["f32x4", "f64x2"],
      [0x6A, 0x94], ["v128"]>.value;
  let upstreamOp = "math.roundeven";
}
def TWasm_VFAddOp : TWasm_VBinary<"vfadd", TWasm_AnyFloatShape, "f32x4",
    "the sums, rounded to nearest even, never contracted"> {
  let wasmInstrs = VInstrs<"add", ["f32x4", "f64x2"],
      [0xE4, 0xF0], ["v128", "v128"]>.value;
  let upstreamOp = "arith.addf";
}
def TWasm_VFSubOp : TWasm_VBinary<"vfsub", TWasm_AnyFloatShape, "f32x4",
    "the differences, rounded to nearest even, never contracted"> {
  let wasmInstrs = VInstrs<"sub", ["f32x4", "f64x2"],
      [0xE5, 0xF1], ["v128", "v128"]>.value;
  let upstreamOp = "arith.subf";
}
def TWasm_VFMulOp : TWasm_VBinary<"vfmul", TWasm_AnyFloatShape, "f32x4",
    "the products, rounded to nearest even, never contracted"> {
  let wasmInstrs = VInstrs<"mul", ["f32x4", "f64x2"],
      [0xE6, 0xF2], ["v128", "v128"]>.value;
  let upstreamOp = "arith.mulf";
}
def TWasm_VFDivOp : TWasm_VBinary<"vfdiv", TWasm_AnyFloatShape, "f32x4",
    "the quotients, correctly rounded"> {
  let wasmInstrs = VInstrs<"div", ["f32x4", "f64x2"],
      [0xE7, 0xF3], ["v128", "v128"]>.value;
  let upstreamOp = "arith.divf";
}

// The relaxed twins are these: docs/RelaxedSIMD.md.
def TWasm_VFMinOp : TWasm_VBinary<"vfmin", TWasm_AnyFloatShape, "f32x4",
    "the lesser lanes; NaN if either is NaN; -0 is less than +0"> {
  let wasmInstrs = !listconcat(VInstrs<"min", ["f32x4", "f64x2"],
      [0xE8, 0xF4], ["v128", "v128"]>.value, [
      VInstr<"f32x4.relaxed_min", 0x10D, ["v128", "v128"], "v128", "f32x4">,
      VInstr<"f64x2.relaxed_min", 0x10F, ["v128", "v128"], "v128", "f64x2">]);
  let upstreamOp = "arith.minimumf";
  let mappingRow = 23;
}
def TWasm_VFMaxOp : TWasm_VBinary<"vfmax", TWasm_AnyFloatShape, "f32x4",
    "the greater lanes; NaN if either is NaN; +0 is greater than -0"> {
  let wasmInstrs = !listconcat(VInstrs<"max", ["f32x4", "f64x2"],
      [0xE9, 0xF5], ["v128", "v128"]>.value, [
      VInstr<"f32x4.relaxed_max", 0x10E, ["v128", "v128"], "v128", "f32x4">,
      VInstr<"f64x2.relaxed_max", 0x110, ["v128", "v128"], "v128", "f64x2">]);
  let upstreamOp = "arith.maximumf";
  let mappingRow = 24;
}
def TWasm_VFPMinOp : TWasm_VBinary<"vfpmin", TWasm_AnyFloatShape, "f32x4",
    "b < a ? b : a, with the bits of the chosen lane"> {
  let wasmInstrs = VInstrs<"pmin", ["f32x4", "f64x2"],
      [0xEA, 0xF6], ["v128", "v128"]>.value;
  let upstreamOp = "arith.cmpf + arith.select";
  let mappingRow = 23;
}
def TWasm_VFPMaxOp : TWasm_VBinary<"vfpmax", TWasm_AnyFloatShape, "f32x4",
    "a < b ? b : a, with the bits of the chosen lane"> {
  let wasmInstrs = VInstrs<"pmax", ["f32x4", "f64x2"],
      [0xEB, 0xF7], ["v128", "v128"]>.value;
  let upstreamOp = "arith.cmpf + arith.select";
  let mappingRow = 24;
}

class TWasm_VFma<string m, string wasm, list<int> codes, string meaning>
    : TWasm_Vector<m, meaning, "%r = twasm." # m # " f32x4 %a, %b, %c"> {
  let arguments = (ins TWasm_AnyFloatShape:$shape, TWasm_V128:$a,
                       TWasm_V128:$b, TWasm_V128:$c);
  let results = (outs TWasm_V128:$result);
  let assemblyFormat = "$shape $a `,` $b `,` $c attr-dict";
  let wasmInstrs = VInstrs<wasm, ["f32x4", "f64x2"], codes,
                           ["v128", "v128", "v128"]>.value;
  let upstreamOp = "math.fma";
  let mappingRow = 9;
}
def TWasm_VFMaddOp : TWasm_VFma<"vfmadd", "relaxed_madd", [0x105, 0x107],
    "a * b + c with one rounding">;
def TWasm_VFNmaddOp : TWasm_VFma<"vfnmadd", "relaxed_nmadd", [0x106, 0x108],
    "-(a * b) + c with one rounding">;

def TWasm_VCanonicalizeNaNOp : TWasm_VUnary<"vcanonicalize_nan",
    TWasm_AnyFloatShape, "f32x4",
    "the lanes, or the positive canonical NaN for any NaN"> {
  let description = [{
    Not a Wasm instruction: makes the deterministic profile's choice (Wasm
    spec, appendix "Profiles") where NaNs that vector arithmetic made become
    observable. Inserted by `twasm-canonicalize-nans`.

    ```mlir
    %r = twasm.vcanonicalize_nan f32x4 %a
    ```
  }];
  let upstreamOp = "arith.cmpf + arith.select";
}

//===-- Comparisons -------------------------------------------------------===//

class TWasm_VFRel<string m, string wasm, list<int> codes, string meaning>
    : TWasm_VBinary<m, TWasm_AnyFloatShape, "f32x4",
                    "all ones in a lane if " # meaning # ", else zero"> {
  let wasmInstrs = VInstrs<wasm, ["f32x4", "f64x2"], codes,
                           ["v128", "v128"]>.value;
  let upstreamOp = "arith.cmpf + arith.extsi";
}
def TWasm_VFEqOp : TWasm_VFRel<"vfeq", "eq", [0x41, 0x47], "a = b">;
def TWasm_VFNeOp : TWasm_VFRel<"vfne", "ne", [0x42, 0x48],
    "a differs from b or either is NaN">;
def TWasm_VFLtOp : TWasm_VFRel<"vflt", "lt", [0x43, 0x49], "a < b">;
def TWasm_VFGtOp : TWasm_VFRel<"vfgt", "gt", [0x44, 0x4A], "a > b">;
def TWasm_VFLeOp : TWasm_VFRel<"vfle", "le", [0x45, 0x4B], "a <= b">;
def TWasm_VFGeOp : TWasm_VFRel<"vfge", "ge", [0x46, 0x4C], "a >= b">;

//===-- Conversions -------------------------------------------------------===//

// The shape is the floats'. Two lanes of f64 go with the low two of i32 or
// f32; the high ones of such a result are zero.
class TWasm_VTruncSat<string m, string s, list<int> codes, string meaning>
    : TWasm_VUnary<m, TWasm_AnyFloatShape, "f32x4", meaning> {
  let wasmInstrs = [
    VInstr<"i32x4.trunc_sat_f32x4_" # s, codes[0], ["v128"], "v128", "f32x4">,
    VInstr<"i32x4.trunc_sat_f64x2_" # s # "_zero", codes[1], ["v128"], "v128",
           "f64x2">,
    VInstr<"i32x4.relaxed_trunc_f32x4_" # s, codes[2], ["v128"], "v128",
           "f32x4">,
    VInstr<"i32x4.relaxed_trunc_f64x2_" # s # "_zero", codes[3], ["v128"],
           "v128", "f64x2">];
  let upstreamOp = "llvm.fpto" # s # "i.sat";
}
def TWasm_VTruncSatSOp : TWasm_VTruncSat<"vtrunc_sat_s", "s",
    [0xF8, 0xFC, 0x101, 0x103],
    "floats truncated to the nearest signed i32; 0 for NaN">;
def TWasm_VTruncSatUOp : TWasm_VTruncSat<"vtrunc_sat_u", "u",
    [0xF9, 0xFD, 0x102, 0x104],
    "floats truncated to the nearest unsigned i32; 0 for NaN">;

class TWasm_VConvert<string m, string s, list<int> codes, string meaning>
    : TWasm_VUnary<m, TWasm_AnyFloatShape, "f32x4", meaning> {
  let wasmInstrs = [
    VInstr<"f32x4.convert_i32x4_" # s, codes[0], ["v128"], "v128", "f32x4">,
    VInstr<"f64x2.convert_low_i32x4_" # s, codes[1], ["v128"], "v128",
           "f64x2">];
  let upstreamOp = "arith." # s # "itofp";
}
def TWasm_VConvertSOp : TWasm_VConvert<"vconvert_s", "s", [0xFA, 0xFE],
    "the floats nearest to signed i32 lanes">;
def TWasm_VConvertUOp : TWasm_VConvert<"vconvert_u", "u", [0xFB, 0xFF],
    "the floats nearest to unsigned i32 lanes">;

def TWasm_VDemoteOp : TWasm_VBitUnary<"vdemote_zero",
    "two f64 lanes as f32, rounded to nearest even; high lanes zero"> {
  let wasmInstrs = [VInstr<"f32x4.demote_f64x2_zero", 0x5E, ["v128"]>];
  let upstreamOp = "arith.truncf";
}
def TWasm_VPromoteOp : TWasm_VBitUnary<"vpromote_low",
    "the low two f32 lanes as f64, exactly"> {
  let wasmInstrs = [VInstr<"f64x2.promote_low_f32x4", 0x5F, ["v128"]>];
  let upstreamOp = "arith.extf";
}

#endif // TWASM_SIMD_FLOAT_TD

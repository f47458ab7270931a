//===- Numbers.h - Wasm numbers as text -------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalars on the command line and in reports. Every value has a text that
// reads back to the same bits, NaN payloads included.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_NUMBERS_H
#define TWRUN_LIB_CLI_NUMBERS_H

#include "twrun/Runtime.h"

#include <string>
#include <string_view>

namespace twrun::cli {

/// Reads a number of `type`.
///   i32, i64: decimal or 0x hexadecimal, optional sign, in the signed or the
///             unsigned range;
///   f32, f64: decimal or 0x hexadecimal with optional p exponent, rounded to
///             nearest even; inf, nan, with a sign; nan:0xBITS, the whole bit
///             pattern. A finite number that would round to infinity is
///             refused;
///   v128:     SHAPE:LANE,... with shape i8x16, i16x8, i32x4, i64x2, f32x4 or
///             f64x2, lane 0 first, or v128:0x and 32 digits, the highest
///             first;
///   externref: externref:null, or externref:N with the host's number N;
///   funcref:  funcref:null.
Expected<Value> parseValue(ValueType type, std::string_view text);

/// The shortest decimal that reads back; inf; nan:0x7fc00000.
std::string formatF32(uint32_t bits);
std::string formatF64(uint64_t bits);
/// Without the type: integers as signed decimal, a v128 as 0x and 32 digits, a
/// reference as null, the function's number, or the host's.
std::string formatNumber(const Value &value);
/// "i32:5", "f32:1.5", "externref:null".
std::string formatValue(const Value &value);
/// As formatValue, with the name of a function instead of its number.
std::string formatValue(const Value &value, const ptxbin::Manifest &manifest);

bool isNaN32(uint32_t bits);
bool isNaN64(uint64_t bits);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_NUMBERS_H

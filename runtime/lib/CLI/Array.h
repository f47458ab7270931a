//===- Array.h - arrays, as the command line has them -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Data/Array.h with what only reports need.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_ARRAY_H
#define TWRUN_LIB_CLI_ARRAY_H

#include "lib/Data/Array.h"

namespace twrun::cli {

// Among overloads of this namespace these would not be found.
using twrun::Array;
using twrun::Bytes;
using twrun::ByteView;
using twrun::ElementType;
using twrun::Error;
using twrun::ErrorKind;
using twrun::Expected;
using twrun::makeError;
using twrun::Shape;
using twrun::toString;

/// An element of `data` as text: decimal, hexadecimal bits for NaNs.
std::string formatElement(ElementType type, const uint8_t *data);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_ARRAY_H

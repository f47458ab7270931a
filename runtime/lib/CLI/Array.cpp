//===- Array.cpp - arrays, as the command line has them -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elements as text.
//
//===----------------------------------------------------------------------===//

#include "Array.h"

#include "Numbers.h"

#include <cstring>

namespace twrun::cli {

std::string formatElement(ElementType type, const uint8_t *data) {
  uint64_t bits = 0;
  std::memcpy(&bits, data, byteSize(type));
  switch (type) {
  case ElementType::I8:
    return std::to_string(int8_t(bits));
  case ElementType::I16:
    return std::to_string(int16_t(bits));
  case ElementType::I32:
    return std::to_string(int32_t(bits));
  case ElementType::I64:
    return std::to_string(int64_t(bits));
  case ElementType::F32:
    return formatF32(uint32_t(bits));
  case ElementType::F64:
    return formatF64(bits);
  default:
    return std::to_string(bits);
  }
}

} // namespace twrun::cli

//===- CustomSections.cpp - names of custom sections ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT's reader can take errors in custom sections for errors of the module or
// ignore them all. Contents must be ignored (Wasm spec 5.5.3); a name that is
// none makes the module malformed.
//
//===----------------------------------------------------------------------===//

#include "ModuleFacts.h"

#include "wabt/leb128.h"
#include "wabt/utf8.h"

using namespace twc;

llvm::Error twc::checkCustomSections(llvm::StringRef fileName,
                                     llvm::ArrayRef<uint8_t> module) {
  const uint8_t *at = module.data() + 8, *end = module.end();
  // False where wabt::ReadU32Leb128 finds no number, or one with bits to spare.
  auto readU32 = [](const uint8_t *&from, const uint8_t *to, uint32_t &value) {
    size_t length = wabt::ReadU32Leb128(from, to, &value);
    from += length;
    return length != 0;
  };
  while (at < end) {
    uint64_t offset = at - module.data();
    uint8_t id = *at++;
    uint32_t size = 0;
    if (!readU32(at, end, size) || size > uint64_t(end - at))
      return makeImportError(fileName, offset,
                             "unexpected end, or integer too long, in the size "
                             "of a section");
    const uint8_t *next = at + size;
    if (id == 0) {
      uint32_t length = 0;
      if (!readU32(at, next, length) || length > uint64_t(next - at))
        return makeImportError(fileName, offset,
                               "unexpected end, or integer too long, in the "
                               "name of a custom section");
      if (!wabt::IsValidUtf8(reinterpret_cast<const char *>(at), length))
        return makeImportError(fileName, offset,
                               "the name of a custom section is not UTF-8");
    }
    at = next;
  }
  return llvm::Error::success();
}

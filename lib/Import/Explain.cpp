//===- Explain.cpp - messages for Wasm that WABT does not know ------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT 1.0.32 calls what came after it unexpected. Its number says what it is
// (the GC, function-references and exception-handling proposals, "Binary
// Format"), and that is what a message must say.
//
//===----------------------------------------------------------------------===//

#include "ModuleFacts.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace twc;

static constexpr llvm::StringLiteral gcNames[] = {
    "struct.new",        "struct.new_default", "struct.get",
    "struct.get_s",      "struct.get_u",       "struct.set",
    "array.new",         "array.new_default",  "array.new_fixed",
    "array.new_data",    "array.new_elem",     "array.get",
    "array.get_s",       "array.get_u",        "array.set",
    "array.len",         "array.fill",         "array.copy",
    "array.init_data",   "array.init_elem",    "ref.test",
    "ref.test null",     "ref.cast",           "ref.cast null",
    "br_on_cast",        "br_on_cast_fail",    "any.convert_extern",
    "extern.convert_any", "ref.i31",           "i31.get_s",
    "i31.get_u"};

/// The instruction with this one-byte opcode, or "".
static llvm::StringRef laterInstruction(unsigned opcode) {
  switch (opcode) {
  case 0x0A:
    return "throw_ref";
  case 0x14:
    return "call_ref";
  case 0x15:
    return "return_call_ref";
  case 0x1F:
    return "try_table";
  case 0xD3:
    return "ref.eq";
  case 0xD4:
    return "ref.as_non_null";
  case 0xD5:
    return "br_on_null";
  case 0xD6:
    return "br_on_non_null";
  default:
    return "";
  }
}

std::string twc::explain(llvm::StringRef message, uint64_t offset,
                         llvm::ArrayRef<uint8_t> module) {
  auto unsupported = [](const llvm::Twine &what) {
    return (what + " is not supported by this version of twc").str();
  };
  if (message.starts_with("tables may not be 64-bit"))
    return unsupported("a 64-bit table") +
           ": the parser in use, WABT 1.0.32, refuses it. Programs for wasm64 "
           "have one if they call through pointers; compile for wasm32";
  unsigned number = 0;
  llvm::StringRef rest = message;
  if (rest.consume_front("unexpected opcode: 0x") &&
      !rest.consumeInteger(16, number)) {
    if (number == 0xFB) {
      // The error's offset is behind the prefix, as WABT counts.
      uint8_t code = offset < module.size() ? module[offset] : 0xFF;
      return unsupported(
          code < std::size(gcNames)
              ? "instruction '" + gcNames[code] + "' (garbage collection)"
              : std::string("an instruction of garbage collection"));
    }
    if (llvm::StringRef name = laterInstruction(number); !name.empty())
      return unsupported("instruction '" + name + "'");
  }
  rest = message;
  if (rest.consume_front("unexpected type form (got 0x") &&
      !rest.consumeInteger(16, number)) {
    llvm::StringRef form = number == 0x5F   ? "a struct type"
                           : number == 0x5E ? "an array type"
                           : number == 0x4E ? "a recursive type group"
                           : number == 0x50 || number == 0x4F ? "a subtype"
                                                              : "";
    if (!form.empty())
      return unsupported(form + llvm::Twine(" (garbage collection)"));
  }
  return message.str();
}

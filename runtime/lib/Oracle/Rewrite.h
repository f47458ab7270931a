//===- Rewrite.h - what the interpreter lacks -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A few instructions must not be left to WABT 1.0.32's interpreter:
//
//   f32x4, f64x2.relaxed_madd, relaxed_nmadd  unfused there, fused on devices
//                                             (the specification allows both)
//   i32x4.dot_i8x16_i7x16_add_s               wrong there
//   memory.atomic.wait32, wait64, notify,     not implemented there
//   atomic.fence
//   atomic loads, stores, read-modify-writes  bounds come before alignment
//   of more than a byte                       there (threads proposal: after)
//
// In a module that has one of these, each becomes a call of a function that
// is added to it; those functions use host functions of `rewriteModule` for
// what Wasm itself cannot say.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_ORACLE_REWRITE_H
#define TWRUN_LIB_ORACLE_REWRITE_H

#include "Format/PtxBin.h"

#include <wabt/feature.h>
#include <wabt/interp/interp.h>

#include <optional>

namespace twrun {

/// What a rewritten module imports its host functions from.
inline constexpr const char *rewriteModule = "twrun.rewrite";
/// How many there are; all of them are imported, behind the module's own
/// imports, which moves the indices of the functions it defines.
inline constexpr uint32_t rewriteImports = 5;

/// The rewritten module; nothing if there is nothing to rewrite.
ptxbin::Expected<std::optional<ptxbin::Bytes>>
rewriteForInterpreter(ptxbin::ByteView wasm, const wabt::Features &features);

/// The host function `rewriteModule`.name, or an empty pointer.
wabt::interp::HostFunc::Ptr makeRewriteImport(wabt::interp::Store &store,
                                              const std::string &name);

} // namespace twrun

#endif // TWRUN_LIB_ORACLE_REWRITE_H

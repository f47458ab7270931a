//===- ByteAccess.h - accesses one byte at a time ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// iN @__tw_load_bytes_N(ptr) and void @__tw_store_bytes_N(ptr, iN): what a GPU
// does where an address is misaligned. N bytes, 2 to 16, little-endian, in linear
// memory or (suffix _generic) at a generic address; by a loop (suffix _seldom)
// where code and registers matter more than time.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BYTEACCESS_H
#define TWC_LIB_TRANSFORMS_BYTEACCESS_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace twc {

/// What the helpers return and take: an integer, or for 16 bytes <4 x i32>,
/// which NVPTX moves in registers.
llvm::Type *getBytesType(llvm::LLVMContext &context, unsigned bytes);

/// The helper for `bytes` bytes in an address space, declared on first use.
llvm::Function *getByteLoad(llvm::Module &module, unsigned bytes,
                            unsigned space, bool seldom = false);
llvm::Function *getByteStore(llvm::Module &module, unsigned bytes,
                             unsigned space, bool seldom = false);

/// An access in code that seldom runs, at the end of the builder's block: bytes
/// by a helper's loop where it is misaligned. The builder goes on behind it.
llvm::Value *createSeldomLoad(llvm::IRBuilderBase &b, llvm::Type *type,
                              llvm::Value *address);
void createSeldomStore(llvm::IRBuilderBase &b, llvm::Value *value,
                       llvm::Value *address);

/// Defines the helpers that `module` declares; false if there is none.
bool defineByteAccesses(llvm::Module &module);

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BYTEACCESS_H

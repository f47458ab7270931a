//===- ReductionBuilder.h - bodies of reductions ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reduction over a warp or a block, for one operator and one type
// (docs/DeviceInterface.md).
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_REDUCTIONBUILDER_H
#define TWC_LIB_TRANSFORMS_REDUCTIONBUILDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"

namespace twc {

/// Writes one function of reductions with operator `op` ("add", "min_s", …).
class ReductionBuilder {
public:
  ReductionBuilder(llvm::Function &f, llvm::StringRef op, bool hasRedux)
      : f(f), op(op), hasRedux(hasRedux), b(f.getContext()),
        i32(b.getInt32Ty()), type(f.getReturnType()) {
    b.SetInsertPoint(block("entry"));
  }

  void buildWarp();
  void buildBlock();

private:
  llvm::BasicBlock *block(const llvm::Twine &name) {
    return llvm::BasicBlock::Create(f.getContext(), name, &f);
  }
  llvm::Value *call(llvm::Intrinsic::ID id,
                    llvm::ArrayRef<llvm::Value *> arguments) {
    return b.CreateIntrinsic(id, arguments);
  }
  llvm::Value *combine(llvm::Value *x, llvm::Value *y);
  /// x OP identity and identity OP x are x, for every x.
  llvm::Constant *identity() const;
  /// Of `value` in `lanes`, which all call this together.
  llvm::Value *reduceLanes(llvm::Value *lanes, llvm::Value *value);
  /// redux.sync's instruction for an i32, or none.
  llvm::Intrinsic::ID redux() const;
  /// `value` of another lane: `lane` of it, or, with `xor`, this one xor that.
  llvm::Value *shuffle(llvm::Value *mask, llvm::Value *value, llvm::Value *lane,
                       bool isXor);
  /// first OP second ..., over the set bits of `set` (not 0) in ascending
  /// order, where get(bit) is each term. Goes on in a block behind.
  llvm::Value *fold(llvm::Value *set,
                    llvm::function_ref<llvm::Value *(llvm::Value *bit)> get);
  /// Where the result of warp `index` is.
  llvm::Value *slot(llvm::GlobalVariable &scratch, llvm::Value *index) {
    return b.CreateGEP(type, &scratch, index);
  }
  llvm::Align slotAlign() const {
    return llvm::Align(type->getPrimitiveSizeInBits() / 8);
  }
  /// `sofar` OP the results of so many warps from `first` on, of which the
  /// block has `warps`; `sofar` may be null.
  llvm::Value *combineSlots(llvm::GlobalVariable &scratch, llvm::Value *sofar,
                            llvm::Value *first, llvm::Value *warps);
  /// The results of all `warps` of the block. Goes on in a block behind.
  llvm::Value *foldAll(llvm::GlobalVariable &scratch, llvm::Value *warps);

  llvm::Function &f;
  llvm::StringRef op;
  bool hasRedux;
  llvm::IRBuilder<> b;
  llvm::Type *i32, *type;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_REDUCTIONBUILDER_H

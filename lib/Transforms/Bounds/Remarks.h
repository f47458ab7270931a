//===- Remarks.h - what the passes say of bounds checks ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One call where a pass decides about a guard. Does nothing unless somebody asked
// for remarks; leaves no trace in the code.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_BOUNDS_REMARKS_H
#define TWC_LIB_TRANSFORMS_BOUNDS_REMARKS_H

#include "Groups.h"

#include "twc/Transforms/BoundsRemarks.h"

namespace twc {

struct GuardRegion;

class GuardRemarks {
public:
  explicit GuardRemarks(llvm::Function &function);

  // What is known of a guard that stays: the last note is the reason that its
  // final remark gives.
  /// Its index has no formula in `nest`.
  void noteIndex(const Guard &guard, llvm::Loop &nest,
                 llvm::ScalarEvolution &evolution);
  /// The other guards that `nest` still has.
  void noteNest(llvm::Loop &nest, llvm::StringRef reason);

  // Verdicts, before the guards go.
  void aheadOfLoop(llvm::ArrayRef<AccessGroup> groups, const llvm::Loop &nest,
                   const llvm::LoopInfo &loops);
  /// `ahead`: of those members that are tested ahead of a loop.
  void grouped(const GuardRegion &region,
               llvm::function_ref<bool(const Guard &)> isAhead);
  void proven(const llvm::CallInst &guard);
  void omitted(const llvm::CallInst &guard, llvm::StringRef reason);
  void implied(const llvm::CallInst &guard, const llvm::CallInst &by);
  /// Of all guards that are left; `reason` is that of those without a note.
  void kept(llvm::StringRef reason);

private:
  void emit(const llvm::CallInst &guard, BoundsRemark remark);
  void note(llvm::CallInst &guard, llvm::StringRef reason);

  llvm::Function &function;
  bool wanted;
  /// Guards whose indices were looked at, in which nest last.
  llvm::DenseMap<const llvm::CallInst *, const llvm::Loop *> indices;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_BOUNDS_REMARKS_H

//===- Strides.h - loops that step towards a limit --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop that goes on while v < limit, v growing by a stride, all of 32 bits
// and modulo 2^32. If v + (n - 1) * stride < limit in exact arithmetic, and the
// stride is not negative, then none of the next n - 1 sums wraps and all are
// below the limit: n more trips come. So no division tells how often a loop of
// n trips can run, and no proof that `v` never wraps is needed.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_TRANSFORMS_STRIDES_H
#define TWC_LIB_TRANSFORMS_STRIDES_H

#include <optional>

namespace llvm {
class DominatorTree;
class Loop;
class LoopInfo;
class SCEV;
class ScalarEvolution;
class Value;
} // namespace llvm

namespace twc {

class StridedLoop {
public:
  /// The innermost `loop`, in simplified and loop-closed form, if it is such a
  /// loop and has no other exit.
  static std::optional<StridedLoop> match(llvm::Loop &loop,
                                          llvm::ScalarEvolution &evolution);

  /// Puts a loop of `count` trips at a time ahead of the loop, which does the
  /// rest and is not to be unrolled any more.
  void unroll(unsigned count, llvm::ScalarEvolution &evolution,
              llvm::LoopInfo &loops, llvm::DominatorTree &tree);

private:
  explicit StridedLoop(llvm::Loop &loop) : loop(loop) {}

  llvm::Loop &loop;
  /// What the latch compares, in the loop, and with what.
  llvm::Value *compared = nullptr, *limit = nullptr;
  const llvm::SCEV *first = nullptr, *stride = nullptr;
  bool isSigned = false;
};

} // namespace twc

#endif // TWC_LIB_TRANSFORMS_STRIDES_H

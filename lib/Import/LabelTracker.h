//===- LabelTracker.h - the open labels of the body being read --*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Learns which loops are repeated and which locals are set in them, and counts
// what control flow carries: a few bytes of Wasm can pass a thousand values on,
// so that the size of a module does not bound the size of its IR.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_LABELTRACKER_H
#define TWC_LIB_IMPORT_LABELTRACKER_H

#include "ModuleFacts.h"

#include "llvm/ADT/SmallBitVector.h"

namespace twc {

class LabelTracker {
public:
  /// Of the function whose loops `facts` is to get.
  explicit LabelTracker(FunctionFact &facts) : facts(facts) {}

  /// None but the function's own.
  bool empty() const { return labels.empty(); }
  size_t depth() const { return labels.size(); }

  /// A block, loop or if with `values` parameters and results.
  void open(bool isLoop, uint64_t values);
  void branch(uint32_t depth);
  void setLocal(uint32_t local, uint64_t locals);
  void close();

  /// Values that labels, branches and loops of the function carry.
  uint64_t getCarried() const { return carried; }

private:
  struct Label {
    bool isLoop;
    size_t loop; // in FunctionFact::loops
    uint64_t values;
  };
  struct OpenLoop {
    size_t index; // in FunctionFact::loops
    llvm::SmallBitVector sets; // empty until a local is set
  };
  static void unite(llvm::SmallBitVector &into, llvm::SmallBitVector &&from);

  FunctionFact &facts;
  std::vector<Label> labels;
  std::vector<OpenLoop> loops;
  uint64_t carried = 0;
};

} // namespace twc

#endif // TWC_LIB_IMPORT_LABELTRACKER_H

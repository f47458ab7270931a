//===- StackPointer.h - the stack that C keeps in memory --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compilers of C and its like keep a second, "shadow" stack in linear memory,
// for variables whose address is taken, and its pointer in a mutable global.
// Nothing in a Wasm module says which global that is (the name section may be
// stripped), so it is found by what the code does with it: every function that
// moves it down moves it back up before it returns.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_DIALECT_TWASM_ANALYSIS_STACKPOINTER_H
#define TWC_DIALECT_TWASM_ANALYSIS_STACKPOINTER_H

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>
#include <string>

namespace twc::twasm {

/// How far below the stack pointer at a function's entry its values point.
class FrameDepths {
public:
  FrameDepths(FuncOp func, llvm::StringRef global);

  /// Bytes from `value` up to the stack pointer at entry, if that is the same
  /// on all paths.
  std::optional<int64_t> of(mlir::Value value) const;

  /// `value` is made from the stack pointer, as far as additions and block
  /// arguments tell, or may be.
  bool isFromStack(mlir::Value value) const {
    return depthOf(value).kind != Depth::Unseen;
  }

  /// Reads or writes the global.
  bool uses = false;
  /// Writes it.
  bool writes = false;
  /// Every value written is made from the global's own by adding,
  /// subtracting and masking.
  bool derived = true;
  /// Wherever it is left, by return or tail call, the stack pointer is as it
  /// was at entry.
  bool balanced = true;
  /// Sets the stack pointer above its value at entry, on some path.
  bool rises = false;
  /// Sets it to something whose depth is not known: a variable-length array.
  bool dynamic = false;
  /// The deepest value that is made from the stack pointer, set or not: a
  /// leaf function may use up to 128 bytes below it without moving it.
  int64_t deepest = 0;
  /// Depth of the stack pointer at each call; none where that is not known.
  llvm::SmallVector<std::pair<mlir::Operation *, std::optional<int64_t>>> calls;

private:
  struct Depth {
    enum { Unseen, Known, Unknown } kind = Unseen;
    int64_t bytes = 0;
    bool operator==(const Depth &other) const {
      return kind == other.kind && (kind != Known || bytes == other.bytes);
    }
  };
  static Depth join(Depth a, Depth b);
  Depth transfer(mlir::Block &block, Depth sp);
  Depth depthOf(mlir::Value value) const { return depths.lookup(value); }
  bool spoilMixed(mlir::Region &body);
  bool isDerived(mlir::Value value) const;
  void collect(mlir::Block &block, Depth sp);

  FuncOp func;
  llvm::StringRef global;
  llvm::DenseMap<mlir::Value, Depth> depths;
  llvm::DenseMap<mlir::Block *, Depth> entries;
};

/// The program's stack pointer.
class StackPointer {
public:
  /// `index`: the position of the global that was named for it; the shape of
  /// the code is not looked at then.
  explicit StackPointer(mlir::ModuleOp module,
                        std::optional<uint32_t> index = std::nullopt);

  /// Null if there is none.
  GlobalOp getGlobal() const { return global; }
  /// The symbol of the memory that the stack lies in.
  mlir::StringAttr getMemory() const { return memory; }
  /// The stack's first byte of all is the one below this.
  uint64_t getTop() const { return top; }
  /// Why there is none, where something looks like one or was named.
  const std::string &getProblem() const { return problem; }

private:
  bool hasShape(GlobalOp candidate, mlir::ModuleOp module) const;
  /// Fills in memory and top, or problem.
  void place(GlobalOp candidate, mlir::ModuleOp module);

  GlobalOp global;
  mlir::StringAttr memory;
  uint64_t top = 0;
  std::string problem;
};

} // namespace twc::twasm

#endif // TWC_DIALECT_TWASM_ANALYSIS_STACKPOINTER_H

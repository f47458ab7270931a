//===- FunctionBuilder.h - one function body in SSA form --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds blocks with arguments from structured control, and SSA values from
// locals, in one pass over a body that is known to be valid.
//
// A label that is branched to forward keeps, for each edge, the locals as they
// stood; at its `end` those that differ become block arguments. A loop header
// gets arguments for exactly the locals that its body sets (the first reading
// found them). Code after an unconditional branch is read and not built.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_FUNCTIONBUILDER_H
#define TWC_LIB_IMPORT_FUNCTIONBUILDER_H

#include "ModuleFacts.h"

#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "mlir/IR/Builders.h"

namespace twc {

class FunctionBuilder {
public:
  FunctionBuilder(twasm::FuncOp func, const FunctionFact &facts);

  /// Where the next ops come from.
  void setLocation(mlir::Location location) { loc = location; }
  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return loc; }

  /// True if the instruction at hand can be reached; otherwise nothing may be
  /// popped, pushed or built, only labels opened and closed.
  bool isReachable() const { return reachable; }

  void addLocals(uint32_t count, mlir::Type type);

  // Operand stack.
  void push(mlir::Value value) { stack.push_back(value); }
  mlir::Value pop() { return stack.pop_back_val(); }
  llvm::SmallVector<mlir::Value> pop(size_t count);

  // Locals.
  void getLocal(uint32_t index) { push(locals[index]); }
  void setLocal(uint32_t index) { locals[index] = pop(); }
  void teeLocal(uint32_t index) { locals[index] = stack.back(); }

  // Control. Types are a label's parameters and results.
  void beginBlock(mlir::TypeRange params, mlir::TypeRange results);
  void beginLoop(mlir::TypeRange params, mlir::TypeRange results);
  void beginIf(mlir::TypeRange params, mlir::TypeRange results);
  void beginElse();
  /// Closes the innermost label; the function's own label with its last `end`.
  void end();
  void br(uint32_t depth);
  void brIf(uint32_t depth);
  void brTable(llvm::ArrayRef<uint32_t> depths, uint32_t defaultDepth);
  void doReturn();
  void unreachable();
  /// A terminator was built: what follows cannot be reached.
  void leave() { reachable = false; }

  /// Values of locals that branches carry, and those that are kept for labels
  /// to come: both grow with branches times locals, not with the module.
  uint64_t getMerged() const { return merged; }
  uint64_t getKept() const { return kept; }

private:
  /// An edge to a label that is not placed yet.
  struct Edge {
    mlir::Operation *branch;
    unsigned successor;
    llvm::SmallVector<mlir::Value> locals;
  };
  enum class Kind { Function, Block, Loop, Then, Else };
  struct Label {
    Kind kind;
    llvm::SmallVector<mlir::Type> branchTypes; // what a branch to it carries
    llvm::SmallVector<mlir::Type> results;
    mlir::Block *target = nullptr; // made when first branched to
    size_t height = 0;             // of the stack below its parameters
    bool enteredReachable = true;
    llvm::ArrayRef<uint32_t> loopLocals; // of a loop
    std::vector<Edge> edges;             // forward ones
    // of an `if`: its branch and the state at its condition
    twasm::BrIfOp branch;
    llvm::SmallVector<mlir::Value> ifLocals, ifParams;
  };

  Label &label(uint32_t depth) { return labels[labels.size() - 1 - depth]; }
  mlir::Block *newBlock();
  void open(Kind kind, mlir::TypeRange branchTypes, mlir::TypeRange results,
            size_t params);
  /// The block that a branch to `to` goes to, for this branch's operands.
  mlir::Block *targetOf(Label &to);
  /// Values that a branch from here to `to` carries: the label's, then, for a
  /// loop, the locals it merges. Leaves the stack as it is.
  llvm::SmallVector<mlir::Value> valuesFor(Label &to);
  /// Arguments of `to` for the locals that differ between its edges.
  void mergeLocals(Label &to);
  /// Remembers an edge to a forward label.
  void noteEdge(Label &to, mlir::Operation *branch, unsigned successor);

  mlir::OpBuilder builder;
  mlir::Location loc;
  mlir::Region &body;
  const FunctionFact &facts;
  size_t nextLoop = 0;
  uint64_t merged = 0, kept = 0;
  bool reachable = true;
  llvm::SmallVector<mlir::Value> locals;
  llvm::SmallVector<mlir::Value> stack;
  std::vector<Label> labels;
};

} // namespace twc

#endif // TWC_LIB_IMPORT_FUNCTIONBUILDER_H

//===- TailCallLoops.cpp - several functions in one loop ------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes of a cycle of tail calls. A function that calls itself gets an
// entry that jumps to its body, which is then the head of a loop. Several
// functions become a dispatcher: of the launch constants, a selector and the
// parameters of all; its loop is a switch over their bodies. One header keeps
// the control flow reducible, which GPUs and LLVM's loop passes want: tail
// calls jump to it and not to the body of their callee.
//
//===----------------------------------------------------------------------===//

#include "TailCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace twc;
using Node = TailCallNode;

/// Replaces a tail call and the return behind it by a jump.
static void jump(func::CallOp call, Block *target, ValueRange arguments) {
  OpBuilder b(call);
  call->getNextNode()->erase();
  cf::BranchOp::create(b, call.getLoc(), target, arguments);
  call.erase();
}

/// Puts what the entry block `from` allocates, and the constant sizes of it,
/// at the start of the block `to`: inside the loop it would pile up.
static void hoistAllocations(Block *from, Block *to) {
  for (auto op : llvm::make_early_inc_range(from->getOps<LLVM::AllocaOp>())) {
    Operation *size = op.getArraySize().getDefiningOp();
    if (!size || !matchPattern(size, m_Constant()))
      continue;
    op->moveBefore(to, to->begin());
    if (size->getBlock() == from)
      size->moveBefore(op);
  }
}

namespace {

/// The functions of one component, and what becomes of them.
class Component {
public:
  Component(SymbolTable &symbols, ArrayRef<Node *> members)
      : symbols(symbols), members(members), b(symbols.getOp()->getContext()) {}

  LogicalResult merge() {
    if (failed(verify()))
      return failure();
    carried.resize(NumLaunchConstants);
    forEachEdge([&](Node &caller, func::CallOp call, Node &) {
      for (unsigned i = 0; i < NumLaunchConstants; ++i)
        if (call.getOperand(i) != caller.func.getArgument(i))
          carried.set(i);
    });
    if (members.size() == 1)
      mergeOne();
    else
      mergeSeveral();
    return success();
  }

private:
  /// What the lowering guarantees, and hand-written IR may lack.
  LogicalResult verify() {
    SmallVector<Type> constants = launchConstantTypes(b.getContext());
    for (Node *member : members) {
      func::FuncOp func = member->func;
      if (!llvm::equal(func.getArgumentTypes().take_front(NumLaunchConstants),
                       constants))
        return func.emitOpError("in a cycle of tail calls must begin with the "
                                "launch constants");
      for (Type type : func.getArgumentTypes().drop_front(NumLaunchConstants))
        if (!b.getZeroAttr(type) && !isa<LLVM::LLVMPointerType>(type))
          return func.emitOpError("unsupported parameter type in a cycle of "
                                  "tail calls: ")
                 << type;
      if (func.getResultTypes() != members.front()->func.getResultTypes())
        return func.emitOpError("incorrect results in a cycle of tail calls: "
                                "expected ")
               << members.front()->func.getResultTypes() << ", but got "
               << func.getResultTypes();
    }
    return success();
  }

  void mergeOne() {
    func::FuncOp func = members.front()->func;
    Block *header = &func.getBody().front();
    SmallVector<Location> locs(header->getNumArguments(), func.getLoc());
    Block *entry = b.createBlock(header, func.getArgumentTypes(), locs);
    SmallVector<Value> initial;
    llvm::BitVector plain(header->getNumArguments());
    for (auto [i, argument] : llvm::enumerate(entry->getArguments())) {
      if (isCarried(i)) {
        initial.push_back(argument);
        continue;
      }
      header->getArgument(i).replaceAllUsesWith(argument);
      plain.set(i);
    }
    header->eraseArguments(plain);
    cf::BranchOp::create(b, func.getLoc(), header, initial);
    hoistAllocations(header, entry);
    forEachEdge([&](Node &, func::CallOp call, Node &) {
      SmallVector<Value> next;
      for (auto [i, operand] : llvm::enumerate(call.getOperands()))
        if (isCarried(i))
          next.push_back(operand);
      jump(call, header, next);
    });
  }

  void mergeSeveral() {
    createDispatcher();
    // Before the bodies move: an edge's operands are its caller's values.
    forEachEdge([&](Node &, func::CallOp call, Node &callee) {
      OpBuilder at(call);
      SmallVector<Value> next = {
          arith::ConstantIntOp::create(at, call.getLoc(), callee.selector, 32)};
      OperandRange operands = call.getOperands();
      for (unsigned i : carried.set_bits())
        next.push_back(operands[i]);
      llvm::append_range(next, spread(operands.drop_front(NumLaunchConstants),
                                      [&](Type type) { return zero(type); }));
      jump(call, header, next);
    });
    SmallVector<Block *> bodies;
    for (Node *member : members)
      bodies.push_back(moveBody(member->func));
    SmallVector<int32_t> cases;
    for (size_t i = 1; i < members.size(); ++i)
      cases.push_back(i);
    b.setInsertionPointToEnd(header);
    cf::SwitchOp::create(b, dispatcher.getLoc(), header->getArgument(0),
                         bodies.front(), ValueRange(), ArrayRef<int32_t>(cases),
                         ArrayRef<Block *>(bodies).drop_front(),
                         SmallVector<ValueRange>(cases.size()));
    for (Node *member : members)
      makeWrapper(*member);
  }

  bool isCarried(size_t argument) const {
    return argument >= NumLaunchConstants || carried[argument];
  }

  /// Calls `visit(caller, call, callee)` for each tail call that stays inside.
  template <typename Visit> void forEachEdge(Visit visit) {
    for (Node *member : members)
      for (auto [call, callee] : llvm::zip(member->calls, member->callees))
        if (callee->component == member->component)
          visit(*member, call, *callee);
  }

  /// Which slot the parameters of `types` go to: the k-th of a type to the
  /// k-th slot of that type, so that members share as many as they can.
  SmallVector<unsigned> assign(TypeRange types) {
    llvm::SmallDenseMap<Type, unsigned> used;
    SmallVector<unsigned> slots;
    for (Type type : types) {
      SmallVector<unsigned> &ofType = slotsOfType[type];
      unsigned k = used[type]++;
      if (k == ofType.size()) {
        ofType.push_back(slotTypes.size());
        slotTypes.push_back(type);
      }
      slots.push_back(ofType[k]);
    }
    return slots;
  }

  /// A value for every slot: `values` in theirs, `filler(type)` in the others.
  template <typename Filler>
  SmallVector<Value> spread(ValueRange values, Filler filler) {
    SmallVector<Value> all(slotTypes.size());
    for (auto [slot, value] : llvm::zip(assign(values.getTypes()), values))
      all[slot] = value;
    for (auto [value, type] : llvm::zip(all, slotTypes))
      if (!value)
        value = filler(type);
    return all;
  }

  static Value createZero(OpBuilder &b, Location loc, Type type) {
    if (TypedAttr zero = b.getZeroAttr(type))
      return arith::ConstantOp::create(b, loc, zero);
    return LLVM::ZeroOp::create(b, loc, type); // pointers
  }

  /// The dispatcher's own zero of a type.
  Value zero(Type type) {
    Value &value = zeros[type];
    if (!value) {
      b.setInsertionPointToStart(&dispatcher.getBody().front());
      value = createZero(b, dispatcher.getLoc(), type);
    }
    return value;
  }

  /// A function of launch constants, selector and slots, whose entry jumps to
  /// the header of the loop.
  void createDispatcher() {
    for (Node *member : members)
      assign(member->func.getArgumentTypes().drop_front(NumLaunchConstants));
    func::FuncOp first = members.front()->func;
    SmallVector<Type> inputs = launchConstantTypes(b.getContext());
    inputs.push_back(b.getI32Type());
    llvm::append_range(inputs, slotTypes);
    // `$t` is in no name that kernelSymbol made.
    dispatcher = func::FuncOp::create(
        first.getLoc(), (first.getSymName() + "$tail").str(),
        b.getFunctionType(inputs, first.getResultTypes()));
    dispatcher.setPrivate();
    symbols.insert(dispatcher, first->getIterator());
    Block *entry = dispatcher.addEntryBlock();
    SmallVector<Value> initial = {entry->getArgument(NumLaunchConstants)};
    for (unsigned i : carried.set_bits())
      initial.push_back(entry->getArgument(i));
    llvm::append_range(
        initial, entry->getArguments().drop_front(NumLaunchConstants + 1));
    SmallVector<Location> locs(initial.size(), first.getLoc());
    header = b.createBlock(&dispatcher.getBody(), {},
                           ValueRange(initial).getTypes(), locs);
    b.setInsertionPointToEnd(entry);
    cf::BranchOp::create(b, first.getLoc(), header, initial);
  }

  /// Moves the blocks of `func` into the dispatcher: its parameters are now
  /// the header's arguments. Returns what was its entry.
  Block *moveBody(func::FuncOp func) {
    Block *body = &func.getBody().front();
    Block *entry = &dispatcher.getBody().front();
    for (unsigned i = 0, next = 1; i < NumLaunchConstants; ++i)
      body->getArgument(i).replaceAllUsesWith(
          carried[i] ? header->getArgument(next++) : entry->getArgument(i));
    TypeRange types = func.getArgumentTypes().drop_front(NumLaunchConstants);
    for (auto [i, slot] : llvm::enumerate(assign(types)))
      body->getArgument(NumLaunchConstants + i)
          .replaceAllUsesWith(header->getArgument(1 + carried.count() + slot));
    body->eraseArguments(0, body->getNumArguments());
    hoistAllocations(body, entry);
    auto &blocks = dispatcher.getBody().getBlocks();
    blocks.splice(blocks.end(), func.getBody().getBlocks());
    return body;
  }

  /// What is left under the member's name, for exports, tables and calls that
  /// are not tail calls.
  void makeWrapper(Node &member) {
    func::FuncOp func = member.func;
    Block *entry = func.addEntryBlock();
    b.setInsertionPointToEnd(entry);
    ValueRange arguments = entry->getArguments();
    SmallVector<Value> all(arguments.take_front(NumLaunchConstants));
    all.push_back(
        arith::ConstantIntOp::create(b, func.getLoc(), member.selector, 32));
    llvm::append_range(
        all, spread(arguments.drop_front(NumLaunchConstants), [&](Type type) {
          return createZero(b, func.getLoc(), type);
        }));
    auto call = func::CallOp::create(b, func.getLoc(), dispatcher, all);
    func::ReturnOp::create(b, func.getLoc(), call.getResults());
  }

  SymbolTable &symbols;
  ArrayRef<Node *> members;
  OpBuilder b;
  llvm::BitVector carried; // launch constants that some edge changes
  SmallVector<Type> slotTypes;
  DenseMap<Type, SmallVector<unsigned>> slotsOfType;
  DenseMap<Type, Value> zeros;
  func::FuncOp dispatcher;
  Block *header = nullptr;
};

} // namespace

LogicalResult twc::makeTailCallLoop(SymbolTable &symbols,
                                    ArrayRef<Node *> members) {
  return Component(symbols, members).merge();
}

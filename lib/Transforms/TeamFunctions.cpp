//===- TeamFunctions.cpp - reductions over a warp and a block -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reductions of docs/DeviceInterface.md on a GPU. Which lanes take part is
// what `vote.sync.ballot` says: lanes that have exited, and those that the
// last warp of a block lacks, do not vote. Integers of 32 bits, whose order
// cannot be seen, take `redux.sync` where there is one (sm_80 on; PTX ISA,
// "redux.sync").
//
// A block's scratch is static shared memory, beside the guest's dynamic. Its
// accesses are volatile: LLVM takes a barrier for something that cannot reach a
// variable of this module. Where no thread has ended, the warps' results are
// read several at a time, and those of warps that the block does not have count
// as the operator's identity: one chain of operators, not of loads.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

static constexpr unsigned warpSize = 32, maxWarps = 32;
/// Warps whose results are read at once: those of a block of 256 threads.
static constexpr unsigned atOnce = 8;

namespace {

/// Writes one function of reductions with operator `op` ("add", "min_s", …).
class ReductionBuilder {
public:
  ReductionBuilder(Function &f, StringRef op, bool hasRedux)
      : f(f), op(op), hasRedux(hasRedux), b(f.getContext()),
        i32(b.getInt32Ty()), type(f.getReturnType()) {
    b.SetInsertPoint(block("entry"));
  }

  void buildWarp();
  void buildBlock();

private:
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }
  Value *call(Intrinsic::ID id, ArrayRef<Value *> arguments) {
    return b.CreateIntrinsic(id, arguments);
  }
  Value *combine(Value *x, Value *y);
  /// x OP identity and identity OP x are x, for every x.
  Constant *identity() const;
  /// Of `value` in `lanes`, which all call this together.
  Value *reduceLanes(Value *lanes, Value *value);
  /// redux.sync's instruction for an i32, or none.
  Intrinsic::ID redux() const;
  /// `value` of another lane: `lane` of it, or, with `xor`, this one xor that.
  Value *shuffle(Value *mask, Value *value, Value *lane, bool isXor);
  /// first OP second ..., over the set bits of `set` (not 0) in ascending
  /// order, where get(bit) is each term. Goes on in a block behind.
  template <typename Get> Value *fold(Value *set, Get get);
  /// Where the result of warp `index` is.
  Value *slot(GlobalVariable &scratch, Value *index) {
    return b.CreateGEP(type, &scratch, index);
  }
  Align slotAlign() const {
    return Align(type->getPrimitiveSizeInBits() / 8);
  }
  /// `sofar` OP the results of so many warps from `first` on, of which the
  /// block has `warps`; `sofar` may be null.
  Value *combineSlots(GlobalVariable &scratch, Value *sofar, Value *first,
                      Value *warps);
  /// The results of all `warps` of the block. Goes on in a block behind.
  Value *foldAll(GlobalVariable &scratch, Value *warps);

  Function &f;
  StringRef op;
  bool hasRedux;
  IRBuilder<> b;
  Type *i32, *type;
};

} // namespace

Value *ReductionBuilder::combine(Value *x, Value *y) {
  if (op == "add")
    return type->isFloatingPointTy() ? b.CreateFAdd(x, y) : b.CreateAdd(x, y);
  if (op == "and")
    return b.CreateAnd(x, y);
  if (op == "or")
    return b.CreateOr(x, y);
  if (op == "xor")
    return b.CreateXor(x, y);
  Intrinsic::ID id = StringSwitch<Intrinsic::ID>(op)
                         .Case("min_s", Intrinsic::smin)
                         .Case("min_u", Intrinsic::umin)
                         .Case("max_s", Intrinsic::smax)
                         .Case("max_u", Intrinsic::umax)
                         .Case("min", Intrinsic::minimum)
                         .Case("max", Intrinsic::maximum);
  return b.CreateBinaryIntrinsic(id, x, y);
}

Constant *ReductionBuilder::identity() const {
  if (type->isFloatingPointTy())
    return op == "add" ? ConstantFP::getNegativeZero(type)
                       : ConstantFP::getInfinity(type, op == "max");
  unsigned width = type->getIntegerBitWidth();
  APInt bits = StringSwitch<APInt>(op)
                   .Cases({"and", "min_u"}, APInt::getAllOnes(width))
                   .Case("min_s", APInt::getSignedMaxValue(width))
                   .Case("max_s", APInt::getSignedMinValue(width))
                   .Default(APInt::getZero(width)); // add, or, xor, max_u
  return ConstantInt::get(type, bits);
}

Intrinsic::ID ReductionBuilder::redux() const {
  if (!hasRedux || !type->isIntegerTy(32))
    return Intrinsic::not_intrinsic;
  return StringSwitch<Intrinsic::ID>(op)
      .Case("add", Intrinsic::nvvm_redux_sync_add)
      .Case("min_s", Intrinsic::nvvm_redux_sync_min)
      .Case("min_u", Intrinsic::nvvm_redux_sync_umin)
      .Case("max_s", Intrinsic::nvvm_redux_sync_max)
      .Case("max_u", Intrinsic::nvvm_redux_sync_umax)
      .Case("and", Intrinsic::nvvm_redux_sync_and)
      .Case("or", Intrinsic::nvvm_redux_sync_or)
      .Case("xor", Intrinsic::nvvm_redux_sync_xor);
}

Value *ReductionBuilder::shuffle(Value *mask, Value *value, Value *lane,
                                 bool isXor) {
  Intrinsic::ID id = isXor ? Intrinsic::nvvm_shfl_sync_bfly_i32
                           : Intrinsic::nvvm_shfl_sync_idx_i32;
  auto move = [&](Value *word) {
    return call(id, {mask, word, lane, b.getInt32(warpSize - 1)});
  };
  unsigned width = type->getPrimitiveSizeInBits();
  Type *bitsType = b.getIntNTy(width);
  Value *bits = b.CreateBitCast(value, bitsType);
  if (width == 32)
    return b.CreateBitCast(move(bits), type);
  Value *low = move(b.CreateTrunc(bits, i32));
  Value *high = move(b.CreateTrunc(b.CreateLShr(bits, 32), i32));
  bits = b.CreateOr(b.CreateZExt(low, bitsType),
                    b.CreateShl(b.CreateZExt(high, bitsType), 32));
  return b.CreateBitCast(bits, type);
}

template <typename Get> Value *ReductionBuilder::fold(Value *set, Get get) {
  auto lowest = [&](Value *bits) {
    return b.CreateBinaryIntrinsic(Intrinsic::cttz, bits, b.getTrue());
  };
  auto withoutLowest = [&](Value *bits) {
    return b.CreateAnd(bits, b.CreateSub(bits, b.getInt32(1)));
  };
  Value *first = get(lowest(set)), *others = withoutLowest(set);
  BasicBlock *before = b.GetInsertBlock();
  BasicBlock *head = block("head"), *step = block("step"),
             *after = block("after");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *result = b.CreatePHI(type, 2), *rest = b.CreatePHI(i32, 2);
  result->addIncoming(first, before);
  rest->addIncoming(others, before);
  b.CreateCondBr(b.CreateICmpEQ(rest, b.getInt32(0)), after, step);
  b.SetInsertPoint(step);
  Value *next = combine(result, get(lowest(rest)));
  Value *left = withoutLowest(rest);
  result->addIncoming(next, b.GetInsertBlock());
  rest->addIncoming(left, b.GetInsertBlock());
  b.CreateBr(head);
  b.SetInsertPoint(after);
  return result;
}

Value *ReductionBuilder::reduceLanes(Value *lanes, Value *value) {
  if (Intrinsic::ID id = redux(); id != Intrinsic::not_intrinsic)
    return call(id, {value, lanes});
  BasicBlock *full = block("full"), *partial = block("partial"),
             *reduced = block("reduced");
  Value *all = b.getInt32(UINT32_MAX);
  b.CreateCondBr(b.CreateICmpEQ(lanes, all), full, partial);

  b.SetInsertPoint(full);
  Value *ofAll = value;
  for (unsigned distance = warpSize / 2; distance; distance /= 2)
    ofAll = combine(ofAll, shuffle(all, ofAll, b.getInt32(distance), true));
  b.CreateBr(reduced);

  b.SetInsertPoint(partial);
  Value *ofSome = fold(lanes, [&](Value *lane) {
    return shuffle(lanes, value, lane, false);
  });
  BasicBlock *end = b.GetInsertBlock();
  b.CreateBr(reduced);

  b.SetInsertPoint(reduced);
  PHINode *result = b.CreatePHI(type, 2);
  result->addIncoming(ofAll, full);
  result->addIncoming(ofSome, end);
  return result;
}

/// T (i32 mask, T value)
void ReductionBuilder::buildWarp() {
  Value *lanes = f.getArg(0);
  if (redux() == Intrinsic::not_intrinsic)
    lanes = call(Intrinsic::nvvm_vote_ballot_sync, {lanes, b.getTrue()});
  b.CreateRet(reduceLanes(lanes, f.getArg(1)));
}

/// One 64-bit word for each warp's result, and the warps that there are.
static GlobalVariable &getScratch(Module &module) {
  constexpr StringLiteral name = "__tw_scratch";
  if (GlobalVariable *scratch = module.getGlobalVariable(name, true))
    return *scratch;
  auto *type = ArrayType::get(Type::getInt64Ty(module.getContext()),
                              maxWarps + 1);
  auto *scratch = new GlobalVariable(
      module, type, /*isConstant=*/false, GlobalValue::InternalLinkage,
      PoisonValue::get(type), name, nullptr, GlobalValue::NotThreadLocal,
      /*AddressSpace=*/3);
  scratch->setAlignment(Align(16));
  return *scratch;
}

Value *ReductionBuilder::combineSlots(GlobalVariable &scratch, Value *sofar,
                                      Value *first, Value *warps) {
  unsigned bytes = type->getPrimitiveSizeInBits() / 8, inVector = 16 / bytes;
  auto *vector = FixedVectorType::get(type, inVector);
  SmallVector<Value *> read;
  for (unsigned i = 0; i < atOnce; i += inVector)
    read.push_back(b.CreateAlignedLoad(
        vector, slot(scratch, b.CreateAdd(first, b.getInt32(i))), Align(16),
        /*isVolatile=*/true));
  for (unsigned i = 0; i < atOnce; ++i) {
    Value *value = b.CreateExtractElement(read[i / inVector], i % inVector);
    Value *isThere =
        b.CreateICmpULT(b.CreateAdd(first, b.getInt32(i)), warps);
    // A block has a first warp.
    sofar = sofar ? combine(sofar, b.CreateSelect(isThere, value, identity()))
                  : value;
  }
  return sofar;
}

Value *ReductionBuilder::foldAll(GlobalVariable &scratch, Value *warps) {
  Value *first = combineSlots(scratch, nullptr, b.getInt32(0), warps);
  BasicBlock *before = b.GetInsertBlock();
  BasicBlock *head = block("more"), *step = block("next"), *after = block("all");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *result = b.CreatePHI(type, 2), *done = b.CreatePHI(i32, 2);
  result->addIncoming(first, before);
  done->addIncoming(b.getInt32(atOnce), before);
  b.CreateCondBr(b.CreateICmpULT(done, warps), step, after);
  b.SetInsertPoint(step);
  Value *next = combineSlots(scratch, result, done, warps);
  result->addIncoming(next, step);
  done->addIncoming(b.CreateAdd(done, b.getInt32(atOnce)), step);
  b.CreateBr(head);
  b.SetInsertPoint(after);
  return result;
}

/// T (T value)
void ReductionBuilder::buildBlock() {
  GlobalVariable &scratch = getScratch(*f.getParent());
  Value *zero = b.getInt32(0), *one = b.getInt32(1);
  Value *present =
      b.CreateGEP(b.getInt64Ty(), &scratch, b.getInt32(maxWarps));
  const Intrinsic::ID tid[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                               Intrinsic::nvvm_read_ptx_sreg_tid_y,
                               Intrinsic::nvvm_read_ptx_sreg_tid_z};
  const Intrinsic::ID ntid[] = {Intrinsic::nvvm_read_ptx_sreg_ntid_x,
                                Intrinsic::nvvm_read_ptx_sreg_ntid_y,
                                Intrinsic::nvvm_read_ptx_sreg_ntid_z};
  Value *thread = zero, *threads = one;
  for (int i : {2, 1, 0}) {
    Value *extent = call(ntid[i], {});
    thread = b.CreateAdd(b.CreateMul(thread, extent), call(tid[i], {}));
    threads = b.CreateMul(threads, extent);
  }
  Value *warp = b.CreateLShr(thread, 5), *lane = b.CreateAnd(thread, 31);
  // All live threads come here, so the warp's vote is of those.
  Value *lanes = call(Intrinsic::nvvm_vote_ballot_sync,
                      {b.getInt32(UINT32_MAX), b.getTrue()});
  Value *own = reduceLanes(lanes, f.getArg(0));
  Value *lower = b.CreateSub(b.CreateShl(one, lane), one);
  Value *leads = b.CreateICmpEQ(b.CreateAnd(lanes, lower), zero);

  auto barrier = [&] {
    call(Intrinsic::nvvm_barrier_cta_sync_all, {zero});
  };
  // Nobody reads the last reduction's scratch any more. Where no thread has
  // ended, no warp is missing.
  Value *count = call(Intrinsic::nvvm_barrier_cta_red_popc_all,
                      {zero, b.getTrue()});
  Value *complete = b.CreateICmpEQ(count, threads);
  BasicBlock *collect = block("collect"), *mark = block("mark"),
             *marked = block("marked"), *write = block("write"),
             *written = block("written");
  b.CreateCondBr(complete, marked, collect);

  b.SetInsertPoint(collect);
  b.CreateAlignedStore(zero, present, Align(8), /*isVolatile=*/true);
  barrier();
  b.CreateCondBr(leads, mark, marked);
  b.SetInsertPoint(mark);
  b.CreateAtomicRMW(AtomicRMWInst::Or, present, b.CreateShl(one, warp),
                    Align(8), AtomicOrdering::Monotonic)
      ->setVolatile(true);
  b.CreateBr(marked);

  b.SetInsertPoint(marked);
  b.CreateCondBr(leads, write, written);
  b.SetInsertPoint(write);
  b.CreateAlignedStore(own, slot(scratch, warp), slotAlign(), true);
  b.CreateBr(written);
  b.SetInsertPoint(written);
  barrier();
  BasicBlock *every = block("every"), *some = block("some");
  b.CreateCondBr(complete, every, some);

  b.SetInsertPoint(every);
  Value *last = b.CreateLShr(b.CreateSub(threads, one), 5);
  b.CreateRet(foldAll(scratch, b.CreateAdd(last, one)));

  b.SetInsertPoint(some);
  Value *marks = b.CreateAlignedLoad(i32, present, Align(8), true);
  b.CreateRet(fold(marks, [&](Value *index) -> Value * {
    return b.CreateAlignedLoad(type, slot(scratch, index), slotAlign(), true);
  }));
}

static void finish(Function &f) {
  f.setLinkage(GlobalValue::InternalLinkage);
  f.setConvergent();
  f.setDoesNotThrow();
}

void twc::defineTeamFunctions(Module &module, const TargetMachine &machine) {
  bool hasRedux = getComputeCapability(machine) >= 80;
  SmallVector<Function *> blocks, warps;
  for (Function &f : module)
    if (f.getName().starts_with(runtime::blockReduce))
      blocks.push_back(&f);
  for (Function *f : blocks) {
    StringRef suffix = f->getName().drop_front(runtime::blockReduce.size());
    ReductionBuilder(*f, suffix.rsplit('_').first, hasRedux).buildBlock();
    finish(*f);
    // One copy: its threads meet whichever call they come from.
    f->addFnAttr(Attribute::NoInline);
  }
  for (Function &f : module)
    if (f.getName().starts_with(runtime::warpReduce))
      warps.push_back(&f);
  for (Function *f : warps) {
    StringRef suffix = f->getName().drop_front(runtime::warpReduce.size());
    ReductionBuilder(*f, suffix.rsplit('_').first, hasRedux).buildWarp();
    finish(*f);
  }
}

void twc::keepTeamsTogether(Module &module) {
  // LLVM finds for itself which functions cannot reach such an instruction,
  // and never that one can.
  bool any = false;
  for (Function &f : module)
    any |= f.isConvergent();
  if (!any)
    return;
  for (Function &f : module) {
    if (f.isDeclaration())
      continue;
    f.setConvergent();
    for (BasicBlock &block : f)
      for (Instruction &i : block)
        if (auto *call = dyn_cast<CallBase>(&i))
          if (!call->getCalledFunction() && !call->isInlineAsm())
            call->setConvergent();
  }
}

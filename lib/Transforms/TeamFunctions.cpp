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
// variable of this module.
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
  void buildBlock(Function &warpReduce);

private:
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }
  Value *call(Intrinsic::ID id, ArrayRef<Value *> arguments) {
    return b.CreateIntrinsic(id, arguments);
  }
  Value *combine(Value *x, Value *y);
  /// redux.sync's instruction for an i32, or none.
  Intrinsic::ID redux() const;
  /// `value` of another lane: `lane` of it, or, with `xor`, this one xor that.
  Value *shuffle(Value *mask, Value *value, Value *lane, bool isXor);
  /// first OP second ..., over the set bits of `set` (not 0) in ascending
  /// order, where get(bit) is each term. Goes on in a block behind.
  template <typename Get> Value *fold(Value *set, Get get);
  Value *slot(GlobalVariable &scratch, Value *index) {
    return b.CreateGEP(b.getInt64Ty(), &scratch, index);
  }

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

/// T (i32 mask, T value)
void ReductionBuilder::buildWarp() {
  Value *mask = f.getArg(0), *value = f.getArg(1);
  if (Intrinsic::ID id = redux(); id != Intrinsic::not_intrinsic) {
    b.CreateRet(call(id, {value, mask}));
    return;
  }
  Value *lanes = call(Intrinsic::nvvm_vote_ballot_sync, {mask, b.getTrue()});
  BasicBlock *full = block("full"), *partial = block("partial");
  Value *all = b.getInt32(UINT32_MAX);
  b.CreateCondBr(b.CreateICmpEQ(lanes, all), full, partial);

  b.SetInsertPoint(full);
  Value *result = value;
  for (unsigned distance = warpSize / 2; distance; distance /= 2)
    result = combine(result, shuffle(all, result, b.getInt32(distance), true));
  b.CreateRet(result);

  b.SetInsertPoint(partial);
  b.CreateRet(fold(lanes, [&](Value *lane) {
    return shuffle(lanes, value, lane, false);
  }));
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
  scratch->setAlignment(Align(8));
  return *scratch;
}

/// T (T value)
void ReductionBuilder::buildBlock(Function &warpReduce) {
  GlobalVariable &scratch = getScratch(*f.getParent());
  Value *zero = b.getInt32(0), *one = b.getInt32(1);
  Value *present = slot(scratch, b.getInt32(maxWarps));
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
  CallInst *own = b.CreateCall(&warpReduce, {lanes, f.getArg(0)});
  own->setConvergent();
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
             *written = block("written"), *look = block("look"),
             *gather = block("gather");
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
  b.CreateAlignedStore(own, slot(scratch, warp), Align(8), true);
  b.CreateBr(written);
  b.SetInsertPoint(written);
  barrier();
  // Bits of as many warps as the block has.
  Value *last = b.CreateLShr(b.CreateSub(threads, one), 5);
  Value *every = b.CreateLShr(b.getInt32(UINT32_MAX),
                              b.CreateSub(b.getInt32(maxWarps - 1), last));
  BasicBlock *end = b.GetInsertBlock();
  b.CreateCondBr(complete, gather, look);
  b.SetInsertPoint(look);
  Value *marks = b.CreateAlignedLoad(i32, present, Align(8), true);
  b.CreateBr(gather);

  b.SetInsertPoint(gather);
  PHINode *warps = b.CreatePHI(i32, 2);
  warps->addIncoming(every, end);
  warps->addIncoming(marks, look);
  b.CreateRet(fold(warps, [&](Value *index) -> Value * {
    return b.CreateAlignedLoad(type, slot(scratch, index), Align(8), true);
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
    Type *type = f->getReturnType();
    auto *warp = cast<Function>(
        module
            .getOrInsertFunction((runtime::warpReduce + suffix).str(), type,
                                 Type::getInt32Ty(module.getContext()), type)
            .getCallee());
    ReductionBuilder(*f, suffix.rsplit('_').first, hasRedux).buildBlock(*warp);
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

//===- BulkFunctions.cpp - copying and filling memory ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// memory.copy, memory.fill, memory.init and their likes for tables, once their
// ranges are checked. An image has no C library, and LLVM's own expansion of
// llvm.memmove on a GPU goes byte by byte; so these are loops of our own, made
// after the passes that would recognise them.
//
// Words of 16 bytes are moved where that is possible: on x86-64 always, on a
// GPU where source and destination are aligned alike, for it faults on a
// misaligned word (PTX ISA, "Addresses as Operands"). Four words are loaded
// before they are stored: what one thread copies is bound by latency.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/Passes.h"

#include "twc/Transforms/RuntimeCalls.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

static constexpr uint64_t wordBytes = 16, wordsAtOnce = 4;

namespace {

/// Writes one function. Positions are byte offsets (i64) from its pointers.
class BulkBuilder {
public:
  BulkBuilder(Function &f, bool needsAlignment)
      : f(f), needsAlignment(needsAlignment), b(f.getContext()),
        i8(b.getInt8Ty()), i64(b.getInt64Ty()),
        word(FixedVectorType::get(i64, 2)) {
    b.SetInsertPoint(block("entry"));
  }

  void buildCopy();
  void buildFill();
  void buildFill64();

private:
  BasicBlock *block(const Twine &name) {
    return BasicBlock::Create(f.getContext(), name, &f);
  }
  Value *at(unsigned argument, Value *position) {
    return b.CreateGEP(i8, f.getArg(argument), position);
  }
  Align alignOf(Type *type) const {
    return Align(type == word && needsAlignment ? wordBytes : 1);
  }
  Value *load(Type *type, Value *position) {
    return b.CreateAlignedLoad(type, at(1, position), alignOf(type));
  }
  void store(Value *value, Value *position) {
    b.CreateAlignedStore(value, at(0, position), alignOf(value->getType()));
  }
  Value *low(Value *address) { return b.CreateAnd(address, wordBytes - 1); }
  Value *min(Value *x, Value *y) {
    return b.CreateSelect(b.CreateICmpULT(x, y), x, y);
  }

  /// A loop over [from, to) in steps of `step`, as far as whole steps go, or
  /// backwards over (to, from] likewise; returns where it ends.
  template <typename Body>
  Value *loop(Value *from, Value *to, uint64_t step, bool backwards,
              Body body) {
    BasicBlock *before = b.GetInsertBlock();
    BasicBlock *head = block("head"), *inside = block("step"),
               *after = block("after");
    b.CreateBr(head);
    b.SetInsertPoint(head);
    PHINode *position = b.CreatePHI(i64, 2);
    position->addIncoming(from, before);
    Value *left = backwards ? b.CreateSub(position, to)
                            : b.CreateSub(to, position);
    b.CreateCondBr(b.CreateICmpUGE(left, b.getInt64(step)), inside, after);
    b.SetInsertPoint(inside);
    Value *next = backwards ? b.CreateSub(position, b.getInt64(step))
                            : b.CreateAdd(position, b.getInt64(step));
    body(backwards ? next : position);
    position->addIncoming(next, b.GetInsertBlock());
    b.CreateBr(head);
    b.SetInsertPoint(after);
    return position;
  }

  /// Copies [from, to), or backwards (to, from], by words and single words,
  /// then bytes. `head` is where words begin, `from` if they may anywhere.
  void copyRange(Value *from, Value *head, Value *to, bool backwards);
  void copyBytes(Value *from, Value *to, bool backwards) {
    loop(from, to, 1, backwards,
         [&](Value *position) { store(load(i8, position), position); });
  }

  Function &f;
  bool needsAlignment;
  IRBuilder<> b;
  Type *i8, *i64, *word;
};

} // namespace

void BulkBuilder::copyRange(Value *from, Value *head, Value *to,
                            bool backwards) {
  copyBytes(from, head, backwards);
  // All loads before all stores: what is overwritten has been read, for a
  // forward copy goes down in memory and a backward copy up.
  auto words = [&](uint64_t count) {
    return [this, count](Value *position) {
      SmallVector<Value *> positions, values;
      for (uint64_t i = 0; i < count; ++i)
        positions.push_back(
            b.CreateAdd(position, b.getInt64(i * wordBytes)));
      for (Value *p : positions)
        values.push_back(load(word, p));
      for (auto [value, p] : llvm::zip(values, positions))
        store(value, p);
    };
  };
  Value *position = loop(head, to, wordsAtOnce * wordBytes, backwards,
                         words(wordsAtOnce));
  position = loop(position, to, wordBytes, backwards, words(1));
  copyBytes(position, to, backwards);
}

/// void (ptr dst, ptr src, i64 bytes): from the front unless that would
/// overwrite what is still to be read, so dst inside [src, src + bytes).
void BulkBuilder::buildCopy() {
  Value *bytes = f.getArg(2), *zero = b.getInt64(0);
  Value *dst = b.CreatePtrToInt(f.getArg(0), i64);
  Value *src = b.CreatePtrToInt(f.getArg(1), i64);
  BasicBlock *wide = block("wide"), *up = block("up"), *down = block("down"),
             *done = block("done");
  Value *isDown = b.CreateICmpULT(b.CreateSub(dst, src), bytes);
  if (needsAlignment) {
    BasicBlock *narrow = block("narrow"), *narrowUp = block("narrow.up"),
               *narrowDown = block("narrow.down");
    Value *apart =
        b.CreateAnd(b.CreateXor(dst, src), b.getInt64(wordBytes - 1));
    b.CreateCondBr(b.CreateICmpEQ(apart, zero), wide, narrow);
    b.SetInsertPoint(narrow);
    b.CreateCondBr(isDown, narrowDown, narrowUp);
    b.SetInsertPoint(narrowUp);
    copyBytes(zero, bytes, /*backwards=*/false);
    b.CreateBr(done);
    b.SetInsertPoint(narrowDown);
    copyBytes(bytes, zero, /*backwards=*/true);
    b.CreateBr(done);
  } else {
    b.CreateBr(wide);
  }
  b.SetInsertPoint(wide);
  b.CreateCondBr(isDown, down, up);

  b.SetInsertPoint(up);
  Value *head = zero;
  if (needsAlignment) // bytes up to the first word
    head = min(bytes, low(b.CreateNeg(dst)));
  copyRange(zero, head, bytes, /*backwards=*/false);
  b.CreateBr(done);

  b.SetInsertPoint(down);
  head = bytes;
  if (needsAlignment) // bytes behind the last word
    head = b.CreateSub(bytes, min(bytes, low(b.CreateAdd(dst, bytes))));
  copyRange(bytes, head, zero, /*backwards=*/true);
  b.CreateBr(done);

  b.SetInsertPoint(done);
  b.CreateRetVoid();
}

/// void (ptr dst, i32 value, i64 bytes)
void BulkBuilder::buildFill() {
  Value *bytes = f.getArg(2), *zero = b.getInt64(0);
  Value *byte = b.CreateTrunc(f.getArg(1), i8);
  Value *eight = b.CreateMul(b.CreateZExt(byte, i64),
                             b.getInt64(0x0101010101010101));
  Value *sixteen = b.CreateVectorSplat(2, eight);
  Value *head = zero;
  if (needsAlignment)
    head = min(bytes, low(b.CreateNeg(b.CreatePtrToInt(f.getArg(0), i64))));
  auto storeByte = [&](Value *position) { store(byte, position); };
  auto storeWord = [&](Value *position) { store(sixteen, position); };
  loop(zero, head, 1, /*backwards=*/false, storeByte);
  Value *position =
      loop(head, bytes, wordBytes, /*backwards=*/false, storeWord);
  loop(position, bytes, 1, /*backwards=*/false, storeByte);
  b.CreateRetVoid();
}

/// void (ptr dst, i64 value, i64 count)
void BulkBuilder::buildFill64() {
  Value *bytes = b.CreateShl(f.getArg(2), 3);
  loop(b.getInt64(0), bytes, 8, /*backwards=*/false, [&](Value *position) {
    b.CreateAlignedStore(f.getArg(1), at(0, position), Align(8));
  });
  b.CreateRetVoid();
}

void twc::annotateBulkFunctions(Module &module) {
  for (StringRef name : {runtime::copy, runtime::copyGeneric, runtime::fill,
                         runtime::fillGeneric, runtime::fill64}) {
    Function *f = module.getFunction(name);
    if (!f)
      continue;
    f->setDoesNotThrow();
    f->addFnAttr(Attribute::NoRecurse);
    f->addFnAttr(Attribute::WillReturn);
    f->addFnAttr(Attribute::NoInline);
    f->setMemoryEffects(MemoryEffects::argMemOnly(
        name == runtime::copy || name == runtime::copyGeneric ? ModRefInfo::ModRef : ModRefInfo::Mod));
  }
}

void twc::defineBulkFunctions(Module &module, bool forPTX) {
  using Build = void (BulkBuilder::*)();
  const std::pair<StringRef, Build> functions[] = {
      {runtime::copy, &BulkBuilder::buildCopy},
      {runtime::copyGeneric, &BulkBuilder::buildCopy},
      {runtime::fillGeneric, &BulkBuilder::buildFill},
      {runtime::fill, &BulkBuilder::buildFill},
      {runtime::fill64, &BulkBuilder::buildFill64}};
  for (auto [name, build] : functions) {
    Function *f = module.getFunction(name);
    if (!f || !f->isDeclaration())
      continue;
    f->setLinkage(GlobalValue::InternalLinkage);
    f->addFnAttr("no-builtins");
    BulkBuilder builder(*f, /*needsAlignment=*/forPTX);
    (builder.*build)();
  }
}

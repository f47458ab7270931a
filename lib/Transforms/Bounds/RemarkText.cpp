//===- RemarkText.cpp - remarks on bounds checks in words -----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What people read, and the way back from LLVM's diagnostics.
//
//===----------------------------------------------------------------------===//

#include "twc/Transforms/BoundsRemarks.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace twc;

static constexpr StringLiteral verdicts[] = {
    "NeverReached", "Proven",       "Omitted", "AheadOfLoop",
    "Implied",      "BranchInLoop", "Grouped", "Kept"};

StringRef twc::toString(BoundsVerdict verdict) {
  return verdicts[size_t(verdict)];
}

static std::string count(unsigned number, StringRef what, StringRef plural) {
  return (Twine(number) + " " + (number == 1 ? what : plural)).str();
}

std::string twc::describe(const BoundsRemark &remark) {
  std::string text = "check";
  if (remark.bytes)
    text += " of " + count(remark.bytes, "byte", "bytes");
  std::string covered = count(remark.accesses, "access", "accesses");
  if (remark.accesses > 1)
    covered += formatv(" from {0:x} on", remark.other).str();
  std::string because = remark.reason.empty() ? "" : ": " + remark.reason;
  switch (remark.verdict) {
  case BoundsVerdict::NeverReached:
    return text + " removed: no code is left that reaches the access";
  case BoundsVerdict::Proven:
    return text + " removed: no index that there can be is out of bounds";
  case BoundsVerdict::Omitted:
    return text + " removed" + because;
  case BoundsVerdict::AheadOfLoop:
    return text + " removed: one test ahead of " +
           (remark.loops == 1 ? std::string("the loop")
                              : std::to_string(remark.loops) + " loops") +
           " covers " + covered;
  case BoundsVerdict::Implied:
    return text + formatv(" removed: the check at offset {0:x} implies it",
                          remark.other)
                      .str();
  case BoundsVerdict::BranchInLoop:
    return text + " moved: tested ahead of the loop, in which a branch is left "
                  "for " +
           covered + because;
  case BoundsVerdict::Grouped:
    return text + " grouped: one test for " + covered + because;
  case BoundsVerdict::Kept:
    return text + " kept" + because;
  }
  llvm_unreachable("unknown verdict");
}

std::optional<BoundsRemark>
twc::readBoundsRemark(const DiagnosticInfo &info) {
  auto *remark = dyn_cast<DiagnosticInfoOptimizationBase>(&info);
  if (!remark || remark->getPassName() != boundsRemarks)
    return std::nullopt;
  BoundsRemark read;
  read.in = remark->getFunction().getName();
  for (size_t i = 0; i < std::size(verdicts); ++i)
    if (remark->getRemarkName() == verdicts[i])
      read.verdict = BoundsVerdict(i);
  for (const auto &argument : remark->getArgs()) {
    if (argument.Key == "Reason")
      read.reason = argument.Val;
    if (uint32_t *number = StringSwitch<uint32_t *>(argument.Key)
                               .Case("Function", &read.function)
                               .Case("Offset", &read.offset)
                               .Case("Bytes", &read.bytes)
                               .Case("Accesses", &read.accesses)
                               .Case("Loops", &read.loops)
                               .Case("Other", &read.other)
                               .Default(nullptr))
      if (StringRef(argument.Val).getAsInteger(10, *number))
        return std::nullopt;
  }
  return read;
}

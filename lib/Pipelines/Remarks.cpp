//===- Remarks.cpp - bounds checks, access by access ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An access has as many remarks as it has copies: inlined, unrolled, in the
// entries of invocations and grids, in parts and targets. Most say the same.
//
//===----------------------------------------------------------------------===//

#include "twc/Pipelines/Remarks.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Remarks/Remark.h"
#include "llvm/Remarks/RemarkSerializer.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>
#include <tuple>

using namespace llvm;
using namespace twc;

/// What a remark says, but for how many accesses share a test.
static auto meaning(const BoundsRemark &remark) {
  return std::tie(remark.function, remark.offset, remark.verdict,
                  remark.reason);
}

static auto counts(const BoundsRemark &remark) {
  return std::tie(remark.accesses, remark.loops, remark.other, remark.bytes);
}

/// All of one target with their functions; of copies that differ in counts
/// alone, the largest.
static std::vector<std::pair<BoundsRemark, std::set<std::string>>>
mergeCopies(const std::vector<BoundsRemark> &remarks) {
  std::map<std::tuple<uint32_t, uint32_t, BoundsVerdict, std::string>,
           std::pair<BoundsRemark, std::set<std::string>>>
      merged;
  for (const BoundsRemark &remark : remarks) {
    auto [it, isNew] = merged.try_emplace(meaning(remark));
    auto &[known, in] = it->second;
    if (isNew || counts(known) < counts(remark))
      known = remark;
    in.insert(remark.in);
  }
  std::vector<std::pair<BoundsRemark, std::set<std::string>>> result;
  for (auto &[key, each] : merged)
    result.push_back(std::move(each));
  return result;
}

std::vector<AccessRemark>
twc::mergeRemarks(const std::vector<TargetRemarks> &targets) {
  std::vector<AccessRemark> result;
  for (const TargetRemarks &target : targets) {
    auto remarks = mergeCopies(target.remarks);
    std::map<std::pair<uint32_t, uint32_t>, unsigned> kinds; // of an access
    for (auto &[remark, in] : remarks)
      ++kinds[{remark.function, remark.offset}];
    for (auto &[remark, in] : remarks) {
      AccessRemark access;
      bool isOnly = kinds[{remark.function, remark.offset}] == 1;
      access.targets.push_back(
          target.target + (isOnly ? "" : " in " + llvm::join(in, " and ")));
      access.remark = std::move(remark);
      access.remark.in.clear();
      result.push_back(std::move(access));
    }
  }
  auto key = [](const AccessRemark &access) {
    return std::tuple_cat(meaning(access.remark), counts(access.remark));
  };
  // Stable: targets stay in their order.
  std::stable_sort(result.begin(), result.end(),
                   [&](const AccessRemark &a, const AccessRemark &b) {
                     return key(a) < key(b);
                   });
  std::vector<AccessRemark> merged;
  for (AccessRemark &access : result) {
    if (!merged.empty() && key(merged.back()) == key(access))
      merged.back().targets.push_back(std::move(access.targets.front()));
    else
      merged.push_back(std::move(access));
  }
  return merged;
}

static void add(BoundsTotals::Counts &counts, const BoundsRemark &remark) {
  ++counts.accesses;
  switch (remark.verdict) {
  case BoundsVerdict::NeverReached:
    ++counts.neverReached;
    break;
  case BoundsVerdict::Proven:
    ++counts.proven;
    break;
  case BoundsVerdict::Omitted:
    ++counts.omitted;
    break;
  case BoundsVerdict::AheadOfLoop:
    ++counts.aheadOfLoop;
    break;
  case BoundsVerdict::Implied:
    ++counts.implied;
    break;
  case BoundsVerdict::BranchInLoop:
    ++counts.branchInLoop;
    break;
  case BoundsVerdict::Grouped:
    ++counts.grouped;
    break;
  case BoundsVerdict::Kept:
    ++counts.kept;
    ++counts.reasons[remark.reason];
    break;
  }
}

std::vector<BoundsTotals>
twc::totalRemarks(const std::vector<TargetRemarks> &targets,
                  const std::vector<std::string> &functionNames) {
  std::vector<BoundsTotals> totals;
  for (const TargetRemarks &target : targets) {
    std::map<std::pair<uint32_t, uint32_t>, const BoundsRemark *> worst;
    for (const BoundsRemark &remark : target.remarks) {
      const BoundsRemark *&known = worst[{remark.function, remark.offset}];
      // The reason too, so that the order of the copies does not matter.
      if (!known || meaning(*known) < meaning(remark))
        known = &remark;
    }
    BoundsTotals total;
    total.target = target.target;
    for (auto &[place, remark] : worst) {
      add(total.all, *remark);
      if (total.functions.empty() ||
          total.functions.back().function != remark->function)
        total.functions.push_back(
            {remark->function, remark->function < functionNames.size()
                                   ? functionNames[remark->function]
                                   : "",
             {}});
      add(total.functions.back().counts, *remark);
    }
    totals.push_back(std::move(total));
  }
  return totals;
}

static std::string describeTargets(const AccessRemark &access) {
  return "[" + llvm::join(access.targets, ", ") + "]";
}

std::string twc::remarksText(const std::vector<AccessRemark> &remarks) {
  std::string text;
  raw_string_ostream out(text);
  for (const AccessRemark &access : remarks) {
    const BoundsRemark &remark = access.remark;
    out << access.file
        << formatv(":0x{0:x-6}: remark: in function {1}", remark.offset,
                   remark.function);
    // Names are the guest's: nothing in them may steer a terminal.
    if (!access.functionName.empty()) {
      out << " '";
      out.write_escaped(access.functionName) << "'";
    }
    if (access.source.line) {
      out << " (";
      out.write_escaped(access.source.file)
          << ":" << access.source.line << ":" << access.source.column << ")";
    }
    out << ": " << describe(remark) << " " << describeTargets(access) << "\n";
  }
  return text;
}

Expected<std::string>
twc::remarksYAML(const std::vector<AccessRemark> &remarks) {
  std::string text;
  raw_string_ostream out(text);
  auto serializer =
      remarks::createRemarkSerializer(remarks::Format::YAML, out);
  if (!serializer)
    return serializer.takeError();
  for (const AccessRemark &access : remarks) {
    const BoundsRemark &from = access.remark;
    remarks::Remark remark;
    remark.RemarkType = from.verdict == BoundsVerdict::Kept
                            ? remarks::Type::Missed
                            : remarks::Type::Passed;
    remark.PassName = boundsRemarks;
    remark.RemarkName = toString(from.verdict);
    std::string name = access.functionName.empty()
                           ? "function " + std::to_string(from.function)
                           : access.functionName;
    remark.FunctionName = name;
    if (access.source.line)
      remark.Loc = remarks::RemarkLocation{
          access.source.file, access.source.line, access.source.column};
    std::string function = std::to_string(from.function),
                offset = formatv("{0:x}", from.offset),
                bytes = std::to_string(from.bytes), words = describe(from),
                targets = llvm::join(access.targets, ", ");
    using Argument = remarks::Argument;
    remark.Args = {Argument("File", access.file),
                   Argument("String", ", function "),
                   Argument("FunctionIndex", function),
                   Argument("String", ", offset "),
                   Argument("Offset", offset),
                   Argument("String", ": "),
                   Argument("Message", words),
                   Argument("String", " ["),
                   Argument("Targets", targets),
                   Argument("String", "]")};
    (*serializer)->emit(remark);
  }
  (*serializer)->finalize();
  return text;
}

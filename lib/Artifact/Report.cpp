//===- Report.cpp - what --report says ------------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each exported function with its verdict and the reason for it.
//
//===----------------------------------------------------------------------===//

#include "twc/Artifact/Artifact.h"

#include "twc/Dialect/TWasm/Analysis/Requirements.h"
#include "twc/Dialect/TWasm/IR/TWasm.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace twc;

static std::string signature(const ptxbin::KernelInfo &kernel) {
  auto list = [](const std::vector<ptxbin::ValueType> &types) {
    std::string text;
    for (ptxbin::ValueType type : types)
      text += (text.empty() ? "" : ", ") + std::string(toString(type));
    return text;
  };
  std::string text = "(" + list(kernel.params) + ")";
  if (!kernel.results.empty())
    text += " -> " + list(kernel.results);
  return text;
}

KernelNeeds twc::describeNeeds(const Program &program) {
  mlir::ModuleOp module = *program.module;
  twasm::Requirements requirements(module);
  KernelNeeds needs;
  // In the order of the manifest's kernels.
  for (auto op : module.getOps<twasm::ExportOp>())
    if (op.getKind() == twasm::ExternKind::Func)
      needs.push_back(requirements.of(op.getItem()));
  return needs;
}

/// How a count is called in text and in JSON.
static constexpr struct {
  const char *text, *json;
  uint64_t BoundsTotals::Counts::*count;
} boundsCounts[] = {
    {"removed, a test ahead of the loop covers them", "ahead_of_loop",
     &BoundsTotals::Counts::aheadOfLoop},
    {"removed, another check implies them", "implied",
     &BoundsTotals::Counts::implied},
    {"removed, no index can fail them", "proven",
     &BoundsTotals::Counts::proven},
    {"removed, not asked for", "omitted", &BoundsTotals::Counts::omitted},
    {"removed, never reached", "never_reached",
     &BoundsTotals::Counts::neverReached},
    {"tested ahead of the loop, with a branch in it", "branch_in_loop",
     &BoundsTotals::Counts::branchInLoop},
    {"grouped, one test for several", "grouped",
     &BoundsTotals::Counts::grouped},
    {"kept", "kept", &BoundsTotals::Counts::kept},
};

static void printTotals(llvm::raw_ostream &out, const BoundsTotals &totals) {
  out << "bounds checks, " << totals.target << ": " << totals.all.accesses
      << " accesses\n";
  for (const auto &row : boundsCounts)
    if (uint64_t count = totals.all.*row.count)
      out << "  " << count << " " << row.text << "\n";
  for (const auto &[reason, count] : totals.all.reasons)
    out << "    " << count << ": " << reason << "\n";
}

static llvm::json::Object toJSON(const BoundsTotals::Counts &counts) {
  llvm::json::Object object{{"accesses", counts.accesses}}, reasons;
  for (const auto &row : boundsCounts)
    object[row.json] = counts.*row.count;
  for (const auto &[reason, count] : counts.reasons)
    reasons[reason] = count;
  object["kept_because"] = std::move(reasons);
  return object;
}

static llvm::json::Array toJSON(llvm::ArrayRef<BoundsTotals> totals) {
  llvm::json::Array targets;
  for (const BoundsTotals &total : totals) {
    llvm::json::Object target = toJSON(total.all);
    target["target"] = total.target;
    llvm::json::Array functions;
    for (const BoundsTotals::Function &each : total.functions) {
      llvm::json::Object function = toJSON(each.counts);
      function["function"] = each.function;
      function["name"] = llvm::json::fixUTF8(each.name);
      functions.push_back(std::move(function));
    }
    target["functions"] = std::move(functions);
    targets.push_back(std::move(target));
  }
  return targets;
}

std::string twc::reportText(const ptxbin::Manifest &manifest,
                            const KernelNeeds &needs,
                            llvm::ArrayRef<BoundsTotals> totals) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << manifest.kernels.size() << " exported functions\n";
  for (const auto &[kernel, needed] : llvm::zip(manifest.kernels, needs)) {
    // Names are the guest's: nothing in them may steer a terminal.
    out << "  ";
    out.write_escaped(kernel.name);
    out << signature(kernel) << "\n";
    if (!needed.empty()) {
      out << "    needs: ";
      out.write_escaped(llvm::join(needed, ", ")) << "\n";
    }
    if (!kernel.notOffloadable.empty()) {
      out << "    not offloadable: ";
      out.write_escaped(kernel.notOffloadable) << "\n";
      continue;
    }
    out << "    invoke: yes\n    launch: ";
    if (kernel.notLaunchable.empty())
      out << "yes\n";
    else
      out << "no, " << "it ", out.write_escaped(kernel.notLaunchable) << "\n";
    if (kernel.stackWindow)
      out << "    stack of a thread: " << kernel.stackWindow->size
          << " bytes, its pointer is global " << kernel.stackWindow->global
          << "\n";
    if (!kernel.notOnGPU.empty()) {
      out << "    GPU: no, ";
      out.write_escaped(kernel.notOnGPU) << "\n";
    }
  }
  for (const BoundsTotals &total : totals)
    printTotals(out, total);
  return text;
}

std::string twc::reportJSON(const ptxbin::Manifest &manifest,
                            const KernelNeeds &needs,
                            llvm::ArrayRef<BoundsTotals> totals) {
  llvm::json::Array kernels;
  for (const auto &[kernel, needed] : llvm::zip(manifest.kernels, needs)) {
    llvm::json::Array list;
    for (const std::string &need : needed)
      list.push_back(llvm::json::fixUTF8(need));
    auto types = [](const std::vector<ptxbin::ValueType> &list) {
      llvm::json::Array array;
      for (ptxbin::ValueType type : list)
        array.push_back(toString(type));
      return array;
    };
    kernels.push_back(llvm::json::Object{
        {"name", llvm::json::fixUTF8(kernel.name)},
        {"symbol", kernel.symbol},
        {"function", kernel.function},
        {"needs", std::move(list)},
        {"params", types(kernel.params)},
        {"results", types(kernel.results)},
        {"offloadable", kernel.notOffloadable.empty()},
        {"not_offloadable", llvm::json::fixUTF8(kernel.notOffloadable)},
        {"launchable", kernel.notOffloadable.empty() &&
                           kernel.notLaunchable.empty()},
        {"not_launchable", llvm::json::fixUTF8(kernel.notLaunchable)},
        {"stack_pointer", kernel.stackWindow
                              ? llvm::json::Value(kernel.stackWindow->global)
                              : llvm::json::Value(nullptr)},
        {"stack_bytes", kernel.stackWindow
                            ? llvm::json::Value(kernel.stackWindow->size)
                            : llvm::json::Value(nullptr)},
        {"not_on_gpu", llvm::json::fixUTF8(kernel.notOnGPU)}});
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::Object report{{"name", manifest.name},
                            {"kernels", std::move(kernels)}};
  if (!totals.empty())
    report["bounds_checks"] = toJSON(totals);
  out << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  return text;
}

//===- Language.cpp - which Wasm a module is valid in ---------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// WABT 1.0.32's defaults are Wasm 2.0 (as far as these proposals go).
//
//===----------------------------------------------------------------------===//

#include "Language.h"

#include "llvm/ADT/STLExtras.h"

#include "wabt/binary-reader-ir.h"
#include "wabt/binary-reader.h"
#include "wabt/feature.h"
#include "wabt/ir.h"
#include "wabt/validator.h"
#include "wabt/wast-lexer.h"
#include "wabt/wast-parser.h"

#include <cstring>

using namespace twc;

namespace {

struct Proposal {
  const char *name;
  void (*set)(wabt::Features &, bool);
  bool inWasm2 = false; // a part of Wasm 2.0, though not of 1.0
};

constexpr Proposal proposals[] = {
    {"extended-const",
     [](wabt::Features &f, bool on) { f.set_extended_const_enabled(on); }},
    {"memory64",
     [](wabt::Features &f, bool on) { f.set_memory64_enabled(on); }},
    {"multi-memory",
     [](wabt::Features &f, bool on) { f.set_multi_memory_enabled(on); }},
    {"relaxed-simd",
     [](wabt::Features &f, bool on) { f.set_relaxed_simd_enabled(on); }},
    {"tail-call",
     [](wabt::Features &f, bool on) { f.set_tail_call_enabled(on); }},
    {"threads", [](wabt::Features &f, bool on) { f.set_threads_enabled(on); }},
    {"reference-types",
     [](wabt::Features &f, bool on) { f.set_reference_types_enabled(on); },
     true},
};

bool isValid(llvm::ArrayRef<uint8_t> bytes, const wabt::Features &features) {
  wabt::Errors errors;
  std::unique_ptr<wabt::Module> module;
  if (bytes.size() >= 4 && !std::memcmp(bytes.data(), "\0asm", 4)) {
    module = std::make_unique<wabt::Module>();
    wabt::ReadBinaryOptions options(features, nullptr, false, true, false);
    if (Failed(wabt::ReadBinaryIr("module", bytes.data(), bytes.size(), options,
                                  &errors, module.get())))
      return false;
  } else {
    auto lexer = wabt::WastLexer::CreateBufferLexer("module", bytes.data(),
                                                    bytes.size(), &errors);
    wabt::WastParseOptions options(features);
    if (Failed(ParseWatModule(lexer.get(), &module, &errors, &options)))
      return false;
  }
  return Succeeded(wabt::ValidateModule(module.get(), &errors,
                                        wabt::ValidateOptions(features)));
}

} // namespace

std::vector<std::string> wast::knownProposals() {
  std::vector<std::string> names;
  for (const Proposal &proposal : proposals)
    if (!proposal.inWasm2)
      names.push_back(proposal.name);
  return names;
}

std::optional<std::string>
wast::proposalThatAllows(llvm::ArrayRef<uint8_t> bytes,
                         llvm::ArrayRef<std::string> enabled) {
  // The threads proposal's scripts were written for Wasm 1.0: they assert that
  // a module has one table at most.
  bool isWasm1 = llvm::is_contained(enabled, "threads");
  wabt::Features base;
  for (const Proposal &proposal : proposals)
    proposal.set(base, proposal.inWasm2
                           ? !isWasm1
                           : llvm::is_contained(enabled, proposal.name));
  if (isValid(bytes, base))
    return std::nullopt; // WABT errs too: no proposal explains it
  wabt::Features all = base;
  for (const Proposal &proposal : proposals) {
    wabt::Features one = base;
    proposal.set(one, true);
    proposal.set(all, true);
    if (isValid(bytes, one))
      return proposal.name;
  }
  if (isValid(bytes, all))
    return "all proposals";
  return std::nullopt;
}

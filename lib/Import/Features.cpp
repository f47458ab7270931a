//===- Features.cpp - the Wasm that is accepted ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything is on unless it is switched off by name, by WABT's own names.
//
//===----------------------------------------------------------------------===//

#include "Features.h"

#include "twc/Import/Import.h"

using namespace twc;

namespace {
struct Feature {
  llvm::StringLiteral name;
  void (*disable)(wabt::Features &);
};
} // namespace

static constexpr Feature table[] = {
    {"bulk-memory", [](wabt::Features &f) { f.disable_bulk_memory(); }},
    {"extended-const", [](wabt::Features &f) { f.disable_extended_const(); }},
    {"memory64", [](wabt::Features &f) { f.disable_memory64(); }},
    {"multi-memory", [](wabt::Features &f) { f.disable_multi_memory(); }},
    {"multi-value", [](wabt::Features &f) { f.disable_multi_value(); }},
    {"reference-types",
     [](wabt::Features &f) {
       f.disable_exceptions(); // which would switch them on again
       f.disable_reference_types();
     }},
    {"relaxed-simd", [](wabt::Features &f) { f.disable_relaxed_simd(); }},
    {"simd", [](wabt::Features &f) { f.disable_simd(); }},
    {"tail-call", [](wabt::Features &f) { f.disable_tail_call(); }},
    {"threads", [](wabt::Features &f) { f.disable_threads(); }},
};

std::vector<llvm::StringRef> twc::optionalFeatures() {
  std::vector<llvm::StringRef> names;
  for (const Feature &feature : table)
    names.push_back(feature.name);
  return names;
}

wabt::Features twc::wasmFeatures(llvm::ArrayRef<std::string> disabled) {
  wabt::Features features;
  features.EnableAll();
  // With these on, WABT gives ref.func another type than Wasm 2.0 does. What
  // exceptions add parses, so that it can be refused by name.
  features.disable_function_references();
  features.disable_gc();
  // WABT 1.0.32's text parser never returns from an annotation that the end of
  // the file cuts off: "(@" is enough.
  features.disable_annotations();
  features.disable_code_metadata(); // enables annotations
  for (const Feature &feature : table)
    if (llvm::is_contained(disabled, feature.name))
      feature.disable(features);
  return features;
}

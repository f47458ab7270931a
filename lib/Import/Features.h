//===- Features.h - the Wasm that is accepted -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wasm 2.0 and the proposals that twc compiles, in WABT's terms.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_LIB_IMPORT_FEATURES_H
#define TWC_LIB_IMPORT_FEATURES_H

#include "wabt/feature.h"

namespace twc {

inline wabt::Features wasmFeatures() {
  wabt::Features features;
  features.EnableAll();
  // With these on, WABT gives ref.func another type than Wasm 2.0 does. What
  // exceptions add parses, so that it can be refused by name.
  features.disable_function_references();
  features.disable_gc();
  return features;
}

} // namespace twc

#endif // TWC_LIB_IMPORT_FEATURES_H

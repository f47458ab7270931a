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

#include "llvm/ADT/ArrayRef.h"

#include "wabt/feature.h"

#include <string>

namespace twc {

/// All of them but `disabled`, which names optionalFeatures().
wabt::Features wasmFeatures(llvm::ArrayRef<std::string> disabled = {});

} // namespace twc

#endif // TWC_LIB_IMPORT_FEATURES_H

//===- Cache.h - results of earlier compilations ----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twc --cache: the driver's side of registry::Cache.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_TWC_CACHE_H
#define TOOLS_TWC_CACHE_H

#include "Options.h"

#include <optional>

namespace twc::driver {

/// Compiles, or takes the result from the cache that the options name. What is
/// wrong with a cache is told on standard error, and does not stop anything.
llvm::Expected<CompileResult> compileCached(mlir::MLIRContext &context,
                                            llvm::ArrayRef<ModuleInput> inputs,
                                            const Options &options);

} // namespace twc::driver

#endif // TOOLS_TWC_CACHE_H

//===- Oracle.h - WABT's interpreter as an Executor -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The independent check: the artifact's own WASM section, run by WABT's
// interpreter with `tw` imports provided by the host. A grid runs its threads
// one after the other, block by block, x fastest.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_ORACLE_H
#define TWRUN_ORACLE_H

#include "twrun/Runtime.h"

#include <functional>

namespace twrun {

/// Called now and then during a long grid with threads done and in all.
using OracleProgress = std::function<void(uint64_t done, uint64_t all)>;

/// Instantiates the WASM section of `artifact`, which must outlive the result.
Expected<std::unique_ptr<Executor>>
createOracle(const ptxbin::PtxBin &artifact, OracleProgress progress = {});

} // namespace twrun

#endif // TWRUN_ORACLE_H

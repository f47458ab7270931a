//===- TraceFile.h - a record of spans as Chrome's trace format -*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The "JSON Array/Object Format" of Chrome's Trace Event Format, which Perfetto
// and chrome://tracing open: a complete event ("X") for each span, times in
// microseconds.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_TRACEFILE_H
#define TWRUN_LIB_CLI_TRACEFILE_H

#include "lib/Trace.h"

namespace twrun::cli {

std::string traceJson(const TraceRecord &record);

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_TRACEFILE_H

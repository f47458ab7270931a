//===- Remarks.h - bounds checks, access by access --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the passes said of each access, put in order: by Wasm function and
// offset, whatever thread and target it came from.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_PIPELINES_REMARKS_H
#define TWC_PIPELINES_REMARKS_H

#include "twc/Artifact/Artifact.h"
#include "twc/Transforms/BoundsRemarks.h"

#include <string>
#include <vector>

namespace twc {

/// A place in the guest's source; no line: not known.
struct SourceLine {
  std::string file;
  unsigned line = 0, column = 0;
};

/// What became of an access in one or more targets.
struct AccessRemark {
  BoundsRemark remark;
  std::string file, functionName; // of the module; "" if it has no name
  SourceLine source;
  /// "sm_80", or "sm_80 in tw_f" where another copy has another remark.
  std::vector<std::string> targets;
};

/// The remarks of an image.
struct TargetRemarks {
  std::string target;
  std::vector<BoundsRemark> remarks;
};

/// Sorts, and makes one remark of those that say the same. Files, names and
/// lines stay open.
std::vector<AccessRemark>
mergeRemarks(const std::vector<TargetRemarks> &targets);

/// Of each target: an access counts once, by its worst copy.
std::vector<BoundsTotals>
totalRemarks(const std::vector<TargetRemarks> &targets,
             const std::vector<std::string> &functionNames);

/// A line each, in clang's manner, for a terminal.
std::string remarksText(const std::vector<AccessRemark> &remarks);
/// As LLVM's tools read them (llvm-remarkutil).
llvm::Expected<std::string>
remarksYAML(const std::vector<AccessRemark> &remarks);

} // namespace twc

#endif // TWC_PIPELINES_REMARKS_H

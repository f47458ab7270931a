//===- BoundsRemarks.h - what became of bounds checks -----------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes tell LLVM's remark machinery, as "tw-bounds", what they made of
// each access's check. Here a remark is taken apart again.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_TRANSFORMS_BOUNDSREMARKS_H
#define TWC_TRANSFORMS_BOUNDSREMARKS_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace llvm {
class DiagnosticInfo;
class Module;
} // namespace llvm

namespace twc {

/// The name under which LLVM knows the remarks.
inline constexpr llvm::StringLiteral boundsRemarks = "tw-bounds";

/// What became of a check, from the best to the worst.
enum class BoundsVerdict {
  NeverReached, // LLVM has shown that the access is not executed
  Proven,       // no index that there can be fails it
  Omitted,      // not asked for
  AheadOfLoop,  // a test ahead of the loop, nothing in it
  Implied,      // another check says it too
  BranchInLoop, // a test ahead of the loop, a branch on it inside
  Grouped,      // shares a test with other accesses
  Kept,
};
/// "AheadOfLoop", as LLVM's remarks are named.
llvm::StringRef toString(BoundsVerdict verdict);

/// Of one access in one place of the code; inlining and unrolling give an access
/// several.
struct BoundsRemark {
  uint32_t function = 0, offset = 0; // the Wasm instruction, as traps name it
  unsigned bytes = 0;                // 0: known only at run time
  BoundsVerdict verdict = BoundsVerdict::Kept;
  unsigned accesses = 0; // that the test covers
  unsigned loops = 0;    // that it is ahead of
  /// Least offset of these, or that of the check that implies it.
  uint32_t other = 0;
  std::string reason;    // why nothing better; may be empty unless Kept
  std::string in;        // LLVM's function
};

/// In words, without the place: "check of 4 bytes kept: the index is ...".
std::string describe(const BoundsRemark &remark);

/// A remark of the passes; none for any other diagnostic.
std::optional<BoundsRemark> readBoundsRemark(const llvm::DiagnosticInfo &info);

/// All accesses of `module`, by function and offset, while guards are calls.
std::vector<std::pair<uint32_t, uint32_t>>
findGuardedAccesses(const llvm::Module &module);

} // namespace twc

#endif // TWC_TRANSFORMS_BOUNDSREMARKS_H

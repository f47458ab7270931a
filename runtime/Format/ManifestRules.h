//===- ManifestRules.h - what every manifest must keep to -------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format: the rules that encoder and decoder share.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_MANIFESTRULES_H
#define TWRUN_FORMAT_MANIFESTRULES_H

#include "Format/Manifest.h"

namespace ptxbin {

/// Largest integer that every JSON reader represents exactly.
inline constexpr uint64_t maxManifestInteger = (uint64_t(1) << 53) - 1;

/// Checks what the types do not say: ranges, symbols, names used twice. The
/// error names the member at fault by its path ("kernels[3].symbol").
Expected<void> checkManifest(const Manifest &manifest, ErrorKind kind);

} // namespace ptxbin

#endif // TWRUN_FORMAT_MANIFESTRULES_H

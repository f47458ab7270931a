//===- Signatures.h - which signatures admit a file -------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_SIGNATURES_H
#define TWRUN_FORMAT_SIGNATURES_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// The keys of `trust` whose signatures over `message` hold: at least one,
/// unless there are no signatures at all and trust.allowUnsigned is set.
Expected<std::vector<PublicKey>>
checkSignatures(const std::vector<Signature> &signatures, ByteView message,
                const TrustOptions &trust);

} // namespace ptxbin

#endif // TWRUN_FORMAT_SIGNATURES_H

//===- Signing.h - signatures made elsewhere --------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What to give to whoever holds a key, such as a hardware module, and how to
// take what comes back.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_SIGNING_H
#define TWRUN_FORMAT_SIGNING_H

#include "Format/PtxBin.h"

namespace ptxbin {

using SignatureBytes = std::array<uint8_t, 64>;

/// The signed bytes of a file whose form and digests, raw ones too, were
/// checked: who signs vouches for all of it.
Expected<Bytes> signingPayload(ByteView file);

/// Adds a signature over signingPayload, or renews the one by this key. One
/// that does not hold is refused.
Expected<Bytes> attachSignature(ByteView file, const SignatureBytes &signature,
                                const PublicKey &key);

/// 64 raw bytes, or their base64, with or without a line end.
Expected<SignatureBytes> decodeSignature(ByteView bytes,
                                         const std::string &where);

} // namespace ptxbin

#endif // TWRUN_FORMAT_SIGNING_H

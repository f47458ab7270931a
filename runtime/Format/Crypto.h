//===- Crypto.h - libsodium, initialised ------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Internal to Format and Registry: one place that initialises libsodium, and the secret
// buffers that wipe themselves.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_CRYPTO_H
#define TWRUN_FORMAT_CRYPTO_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// Initialises libsodium once per process; thread-safe. Fails where the
/// system gives no random numbers.
Expected<void> initCrypto();

/// True when `signature` over `message` is by `key`. Refuses small-order and
/// non-canonical keys and non-canonical signatures.
bool verifyEd25519(const Signature &signature, ByteView message,
                   const PublicKey &key);

Expected<Signature> signEd25519(ByteView message, const SecretKey &key);

} // namespace ptxbin

#endif // TWRUN_FORMAT_CRYPTO_H

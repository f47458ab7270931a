//===- Passphrase.h - asking for a passphrase -------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the passphrases of encrypted key files come from.
//
//===----------------------------------------------------------------------===//

#ifndef TOOLS_TWREG_PASSPHRASE_H
#define TOOLS_TWREG_PASSPHRASE_H

#include "Format/KeyFiles.h"

namespace twreg {

/// $TWREG_PASSWORD, else what is typed on the terminal, without echo. `twice`
/// for a new one, which nobody could correct later.
ptxbin::Expected<ptxbin::SecretText> askPassphrase(const std::string &path,
                                                   bool twice);

/// A secret key file, encrypted or not.
ptxbin::Expected<ptxbin::SecretKey> readKey(const std::string &path);

} // namespace twreg

#endif // TOOLS_TWREG_PASSPHRASE_H

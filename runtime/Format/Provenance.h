//===- Provenance.h - how an artifact was built -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An in-toto statement with a SLSA provenance predicate, in a DSSE envelope, as
// the PROVENANCE section. docs/PTXBinFormat.md, "Provenance".
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_PROVENANCE_H
#define TWRUN_FORMAT_PROVENANCE_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// An unsigned artifact, with a PROVENANCE section that tells of all other
/// sections. Signed by `builder`, if there is one.
Expected<Bytes> addProvenance(ByteView file, const SecretKey *builder);

struct Provenance {
  std::string statement; // JSON
  struct Signer {
    std::string keyId; // as the envelope says
    bool good = false; // by one of the keys that were given
  };
  std::vector<Signer> signers;
};
/// What an artifact says of its making; NotFound if nothing. A statement about
/// other sections than those that are there is malformed.
Expected<Provenance> readProvenance(const PtxBin &bin,
                                    const std::vector<PublicKey> &builders);

} // namespace ptxbin

#endif // TWRUN_FORMAT_PROVENANCE_H

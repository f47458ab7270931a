//===- Finalized.h - cubins made on a GPU machine ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A finalized image is a cubin that a driver made of an artifact's PTX, in a
// signed file beside the artifact, which stays as it was published.
// docs/PTXBinFormat.md, "Finalized images".
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_FINALIZED_H
#define TWRUN_FORMAT_FINALIZED_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// What such a file says beside the cubin itself.
struct FinalizedInfo {
  uint16_t cc = 0;            // it runs on this compute capability alone
  uint32_t driverVersion = 0; // of the driver that made it: 12.4 is 12040
  Digest contentId{};         // of the artifact
  Digest ptxDigest{};         // raw digest of the PTX it was made of
};

/// A finalized image whose form and digest hold, and whose signatures too
/// unless it was opened unverified. Owns the bytes that were verified.
class Finalized {
public:
  static Expected<Finalized> openVerified(Bytes file,
                                          const TrustOptions &trust);
  static Expected<Finalized> openUnverified(Bytes file);
  /// Whether `file` starts like one.
  static bool isOne(ByteView file);

  const FinalizedInfo &info() const { return about; }
  ByteView cubin() const;
  const std::vector<Signature> &signatures() const { return signatureTable; }
  const std::vector<PublicKey> &signers() const { return goodSigners; }
  /// SHA-256 of the signed bytes.
  const Digest &id() const { return digest; }

  /// Whether it was made of `artifact`.
  Expected<void> checkBelongsTo(const PtxBin &artifact) const;

private:
  static Expected<Finalized> open(Bytes file, const TrustOptions *trust);
  Bytes file;
  FinalizedInfo about;
  uint64_t cubinSize = 0;
  std::vector<Signature> signatureTable;
  std::vector<PublicKey> goodSigners;
  Digest digest{};
};

/// A file with one signature.
Expected<Bytes> writeFinalized(const FinalizedInfo &info, ByteView cubin,
                               const SecretKey &key);

} // namespace ptxbin

#endif // TWRUN_FORMAT_FINALIZED_H

//===- PtxBin.h - the .ptxbin container, version 1 --------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layout, writer, signing and verified opening of a .ptxbin. The byte layout
// and its rules are docs/PTXBinFormat.md; numbers here are little-endian.
//
// A file is read once into private memory. `openVerified` checks header,
// table and signatures on that buffer, then the digest of every section, and
// hands out views into the same buffer: nothing is parsed or decompressed
// before its signature holds.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_PTXBIN_H
#define TWRUN_FORMAT_PTXBIN_H

#include "Format/Error.h"
#include "Format/Manifest.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ptxbin {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;
using Digest = std::array<uint8_t, 32>;

inline constexpr uint64_t maxFileBytes = 256ull << 20;
inline constexpr uint32_t maxSections = 64;
inline constexpr uint64_t maxRawBytes = 512ull << 20;
inline constexpr uint32_t maxSignatures = 8;
inline constexpr unsigned maxZstdWindowLog = 23;

enum class SectionType : uint32_t {
  Manifest = 1,
  PTX = 2,
  Cubin = 3,
  Host = 4,
  Wasm = 5,
  Debug = 6,
  Provenance = 7,
};
const char *toString(SectionType type);

/// GPU architecture suffix: none, `a` (this architecture only), `f` (family).
enum class Suffix : uint8_t { None = 0, A = 1, F = 2 };

/// Machine of a host image.
enum class Machine : uint8_t { None = 0, X86_64 = 1 };

/// CPU features a host image needs, one bit each (entry field at 40).
/// x86-64 bits follow the psABI micro-architecture levels.
inline constexpr uint64_t cpuX86_64_v2 = 1u << 0;
inline constexpr uint64_t cpuX86_64_v3 = 1u << 1;
inline constexpr uint64_t cpuX86_64_v4 = 1u << 2;

/// What distinguishes a section; `cc`, `suffix` and `ptxISA` for PTX and
/// CUBIN (compute capability 8.0 is 80, PTX ISA 7.7 is 77), `machine` and
/// `cpuFeatures` for HOST.
struct SectionKey {
  SectionType type = SectionType::Manifest;
  uint16_t cc = 0;
  Suffix suffix = Suffix::None;
  Machine machine = Machine::None;
  uint16_t ptxISA = 0;
  uint64_t cpuFeatures = 0;
};

/// An input to the writer: its raw bytes, and whether to store them
/// zstd-compressed.
struct SectionInput {
  SectionKey key;
  Bytes raw;
  bool compress = false;
};

/// Lays out sections in canonical order (docs/PTXBinFormat.md) and returns an
/// unsigned file: trailer with zero signatures. Identical input gives
/// identical bytes. `manifest` is encoded by the writer.
Expected<Bytes> writePtxBin(const Manifest &manifest,
                            std::vector<SectionInput> sections);

//===-- Keys and signatures -----------------------------------------------===//

struct PublicKey {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const PublicKey &) const = default;
};

/// Ed25519 secret (libsodium's 64-byte form); wiped by the destructor.
struct SecretKey {
  std::array<uint8_t, 64> bytes{};
  SecretKey() = default;
  SecretKey(const SecretKey &) = default;
  SecretKey &operator=(const SecretKey &) = default;
  ~SecretKey();
  PublicKey publicKey() const;
};

/// SHA-256(algorithm byte 1 ‖ public key).
Digest keyId(const PublicKey &key);

Expected<SecretKey> generateKey();

/// Key files: PEM-like text, see docs/PTXBinFormat.md. A secret key file is
/// created with mode 0600 and never overwritten; reading one that others can
/// read is refused.
Expected<void> writeKeyPair(const SecretKey &key, const std::string &prefix);
Expected<SecretKey> readSecretKey(const std::string &path);
Expected<PublicKey> readPublicKey(const std::string &path);
/// The base64 line of a public key file alone; `where` is put in front of the
/// message.
Expected<PublicKey> parsePublicKey(std::string_view base64,
                                   const std::string &where);

/// Appends a signature by `key` to an existing file's bytes (well-formed,
/// digests checked); a second signature by the same key replaces the first.
Expected<Bytes> signPtxBin(ByteView file, const SecretKey &key);

//===-- Reading -----------------------------------------------------------===//

struct Section {
  SectionKey key;
  uint32_t flags = 0;
  uint64_t offset = 0, storedSize = 0, rawSize = 0;
  Digest storedDigest{}, rawDigest{};
};

struct Signature {
  uint8_t algorithm = 0;
  Digest keyId{};
  std::array<uint8_t, 64> bytes{};
};

/// Which signatures admit a file.
struct TrustOptions {
  std::vector<PublicKey> keys; // one good signature by any of these suffices
  /// Admit a file that carries no signature at all. One that carries a bad
  /// signature, or signatures by unknown keys only, is refused even so.
  bool allowUnsigned = false;
};

/// A file whose signature and section digests hold. Owns the bytes that were
/// verified; `stored` and `raw` hand out those. Thread-safe when const.
class PtxBin {
public:
  /// Verifies `file` under `trust`, then every section's stored digest.
  static Expected<PtxBin> openVerified(Bytes file, const TrustOptions &trust);

  /// For `twreg show` and for signing: checks form and digests, and no
  /// signature. What it returns must not be run.
  static Expected<PtxBin> openUnverified(Bytes file);

  const std::vector<Section> &sections() const { return sectionTable; }
  const std::vector<Signature> &signatures() const { return signatureTable; }
  /// Keys of `trust` whose signatures were found good.
  const std::vector<PublicKey> &signers() const { return goodSigners; }

  /// The whole file, as it was verified.
  ByteView bytes() const { return file; }

  /// SHA-256 of the signed bytes.
  const Digest &contentId() const { return id; }

  /// Stored bytes of section `index`, in the verified buffer.
  ByteView stored(size_t index) const;
  /// Raw bytes of section `index`: decompressed if need be, bounded, and
  /// compared with the raw digest.
  Expected<Bytes> raw(size_t index) const;

  /// The decoded MANIFEST section.
  const Manifest &manifest() const { return decodedManifest; }

private:
  Bytes file;
  std::vector<Section> sectionTable;
  std::vector<Signature> signatureTable;
  std::vector<PublicKey> goodSigners;
  Digest id{};
  Manifest decodedManifest;
  friend struct PtxBinReader;
};

/// Reads a whole file, refusing one larger than `limit` before allocating.
Expected<Bytes> readFile(const std::string &path, uint64_t limit);
/// Writes `bytes` to `path` through a temporary file in the same directory,
/// so that no partial file is ever seen; "-" is standard output.
Expected<void> writeFileAtomic(const std::string &path, ByteView bytes,
                               unsigned mode = 0644);

std::string hex(ByteView bytes);
Digest sha256(ByteView bytes);

} // namespace ptxbin

#endif // TWRUN_FORMAT_PTXBIN_H

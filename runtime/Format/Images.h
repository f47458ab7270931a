//===- Images.h - what an image may be --------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver judges an image by its first bytes, whatever the section table calls
// it.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_FORMAT_IMAGES_H
#define TWRUN_FORMAT_IMAGES_H

#include "Format/PtxBin.h"

namespace ptxbin {

/// Whether `raw` is of the kind that its section says: PTX is ASCII text, a
/// cubin is an ELF file for NVIDIA's GPUs, a host image is an ELF file. The
/// driver would assemble a cubin that is PTX, and load a "PTX" that is a cubin:
/// a key that may vouch for one kind could bring in the other.
Expected<void> checkImage(const SectionKey &key, ByteView raw);

} // namespace ptxbin

#endif // TWRUN_FORMAT_IMAGES_H

//===- JsonShape.h - a look at JSON before it is parsed ---------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Untrusted text is measured first: a parser recurses as deep as it nests, and
// allocates for each member.
//
//===----------------------------------------------------------------------===//

#ifndef PTXBIN_FORMAT_JSONSHAPE_H
#define PTXBIN_FORMAT_JSONSHAPE_H

#include <cstddef>
#include <string_view>

namespace ptxbin {

struct JsonShape {
  unsigned depth = 0;
  size_t members = 0; // of all objects: each has one colon
};

/// Of JSON or of what is none; linear in the text, and allocates nothing.
JsonShape shapeOfJson(std::string_view text);

} // namespace ptxbin

#endif // PTXBIN_FORMAT_JSONSHAPE_H

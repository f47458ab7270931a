//===- elementary.c - the functions of tw_math.h ------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Applies each function of tw_math.h to n floats, given by their bits: result f
// of element i goes to out[f * n + i], in the order expf, logf, erff, sinf,
// cosf, powf (to the power of the element before it, or of itself for the
// first). All devices give the same bits. Grid-stride: launch with any number
// of blocks.
//
//===----------------------------------------------------------------------===//

#include "tw_math.h"

TW_KERNEL(elementary)(const uint32_t *in, float *out, uint32_t n) {
  for (uint32_t i = tw_global_id_x(); i < n; i += tw_global_dim_x()) {
    float x = tw_uint_as_float(in[i]), y = tw_uint_as_float(in[i ? i - 1 : i]);
    out[i] = tw_expf(x);
    out[n + i] = tw_logf(x);
    out[2 * n + i] = tw_erff(x);
    out[3 * n + i] = tw_sinf(x);
    out[4 * n + i] = tw_cosf(x);
    out[5 * n + i] = tw_powf(x, y);
  }
}

//===- tw/print.h - output, end and time --------------------------*- C -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a kernel tells the outside besides its results.
//
//===----------------------------------------------------------------------===//

#ifndef TW_PRINT_H
#define TW_PRINT_H

#include "base.h"

/// C's printf, from any thread. The call records the address of the format and
/// at most 128 bytes of arguments; the runtime formats and prints after the
/// launch, thread by thread in no fixed order. So `format` and the strings of
/// %s (at most 1,024 bytes each) must still be there then: literals, for
/// instance, and not local or shared arrays. Returns 1, or 0 if the launch had
/// too many calls (twrun launch --print-records) and this one is lost.
TW_EXTERN_C __attribute__((import_module("tw"), import_name("printf"), nothrow,
                           format(printf, 1, 2))) int32_t
tw_printf(const char *format, ...);

/// Stops this thread with the trap "aborted" and a message, a literal or NULL,
/// that the launch's report shows. The other threads go on.
TW_EXTERN_C __attribute__((import_module("tw"), import_name("abort"), nothrow,
                           noreturn)) void
tw_abort(const char *message);

/// Aborts with the place and the text of a condition that does not hold. NDEBUG
/// leaves it out.
#ifdef NDEBUG
#define tw_assert(condition) ((void)0)
#else
#define TW_STRING_(text) #text
#define TW_STRING(text) TW_STRING_(text)
#define tw_assert(condition)                                                   \
  ((condition) ? (void)0                                                       \
               : tw_abort(__FILE__ ":" TW_STRING(__LINE__) ": " #condition))
#endif

/// A counter of cycles of the processor that the thread runs on (a GPU's
/// multiprocessor). Differences within a thread mean something.
TW_IMPORT_EFFECT("clock") uint64_t tw_clock(void);

/// Nanoseconds since some moment that is the same for all threads. A GPU may
/// step it by a microsecond or more at once.
TW_IMPORT_EFFECT("timer") uint64_t tw_timer(void);

#endif // TW_PRINT_H

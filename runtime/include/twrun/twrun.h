/*===- twrun.h - the runtime's C interface ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the TensorWasm Project, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE.TXT for license information.                       *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* Verify an artifact, instantiate it on a device, run its kernels, now or    *|
|* later: what twrun/Runtime.h and twrun/Completion.h offer to C++, with the  *|
|* same meaning. The library never exits, raises no signals, and prints       *|
|* nothing.                                                                   *|
|*                                                                            *|
|* Errors. A function that can fail returns a twrun_status and has a last     *|
|* parameter `error`: if that is not null, and it fails, *error becomes an    *|
|* object that the caller frees. Out parameters are written on success only.  *|
|*                                                                            *|
|* Handles are freed by their own function, in any order, null included: what *|
|* one needs of another stays as long as it does. twrun_instance_free waits   *|
|* for calls that have begun.                                                 *|
|*                                                                            *|
|* Structures begin with their size: set it to sizeof, and all else that you  *|
|* do not use to zero (TWRUN_INIT). Later versions append fields; a library   *|
|* that does not know a field refuses it unless it is zero.                   *|
|*                                                                            *|
|* Threads. All functions may be called from any thread; two threads must not *|
|* use one handle while it is freed. Texts are UTF-8 or escaped, and live as  *|
|* long as the handle that they were asked of.                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef TWRUN_TWRUN_H
#define TWRUN_TWRUN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It grows when something is added; nothing is
   taken away or changed within one version of the library's name (libtwrun.so.0). */
#define TWRUN_API_VERSION 1
uint32_t twrun_api_version(void);
/* Of the library: "0.1.0". */
const char *twrun_version(void);

/* { .size = sizeof }, and zeros. */
#ifdef __cplusplus
#define TWRUN_INIT(type)                                                       \
  [] {                                                                         \
    type value{};                                                              \
    value.size = sizeof(type);                                                 \
    return value;                                                              \
  }()
#else
#define TWRUN_INIT(type) {.size = sizeof(type)}
#endif

typedef int32_t twrun_status;
enum {
  TWRUN_OK = 0,
  TWRUN_MALFORMED = 1,    /* bytes break a rule of their format */
  TWRUN_UNTRUSTED = 2,    /* unsigned, unknown key, bad signature */
  TWRUN_INCOMPATIBLE = 3, /* not for this device, driver or version */
  TWRUN_NOT_FOUND = 4,    /* no such file, kernel, device */
  TWRUN_INVALID = 5,      /* an argument is wrong */
  TWRUN_CONFLICT = 6,
  TWRUN_IO = 7,
  TWRUN_DEVICE = 8,       /* the driver or the device failed */
  TWRUN_DEVICE_LOST = 9,  /* for this process; start anew */
  TWRUN_OUT_OF_MEMORY = 10,
  TWRUN_WOULD_BLOCK = 11, /* a bounded queue is full */
  TWRUN_BUSY = 12,        /* waiting in a callback, and the like */
  TWRUN_STOPPED = 13,     /* ended before it began */
  TWRUN_PENDING = 14      /* not ended yet */
};

typedef struct twrun_error twrun_error;
twrun_status twrun_error_status(const twrun_error *error);
/* One line: what, where, and what to do. */
const char *twrun_error_message(const twrun_error *error);
void twrun_error_free(twrun_error *error);

/* ---- Artifacts ---------------------------------------------------------- */

typedef struct twrun_artifact twrun_artifact;
/* An exported function; lives as long as its artifact. */
typedef struct twrun_kernel twrun_kernel;

/* Who may have signed. Without any key and without allow_unsigned nothing is
   trusted. */
typedef struct {
  size_t size;
  const char *const *keys; /* paths of public keys; one good signature suffices */
  size_t key_count;
  int32_t allow_unsigned; /* a file without any signature, never a bad one */
} twrun_trust;

twrun_status twrun_artifact_open(const char *path, const twrun_trust *trust,
                                 twrun_artifact **artifact,
                                 twrun_error **error);
/* The same from memory, which is copied before it is looked at. */
twrun_status twrun_artifact_open_bytes(const void *bytes, size_t count,
                                       const twrun_trust *trust,
                                       twrun_artifact **artifact,
                                       twrun_error **error);
void twrun_artifact_free(twrun_artifact *artifact);
const char *twrun_artifact_name(const twrun_artifact *artifact);
size_t twrun_artifact_kernel_count(const twrun_artifact *artifact);
/* Null beyond the count. */
const twrun_kernel *twrun_artifact_kernel(const twrun_artifact *artifact,
                                          size_t index);
/* An export of the last module; the error lists what there is. */
twrun_status twrun_artifact_find(const twrun_artifact *artifact,
                                 const char *name, const twrun_kernel **kernel,
                                 twrun_error **error);

/* Types of values, as the Wasm binary format encodes them. */
enum {
  TWRUN_I32 = 0x7f,
  TWRUN_I64 = 0x7e,
  TWRUN_F32 = 0x7d,
  TWRUN_F64 = 0x7c,
  TWRUN_V128 = 0x7b,
  TWRUN_FUNCREF = 0x70,
  TWRUN_EXTERNREF = 0x6f
};
const char *twrun_kernel_name(const twrun_kernel *kernel);
size_t twrun_kernel_param_count(const twrun_kernel *kernel);
size_t twrun_kernel_result_count(const twrun_kernel *kernel);
/* A type, or 0 beyond the count. */
uint32_t twrun_kernel_param(const twrun_kernel *kernel, size_t index);
uint32_t twrun_kernel_result(const twrun_kernel *kernel, size_t index);

/* ---- Devices ------------------------------------------------------------ */

typedef struct twrun_device twrun_device;

enum {
  TWRUN_CONTEXT_PRIMARY = 0, /* the one that CUDA's runtime library uses too */
  TWRUN_CONTEXT_OWN = 1,
  TWRUN_CONTEXT_ADOPTED = 2
};
typedef struct {
  size_t size;
  const char *name; /* "auto" (null too), "host", "cuda", "cuda:N" */
  int32_t context;
  void *adopted; /* a CUcontext, of the caller's */
  /* Where callbacks run: called with each as a function and its argument, which
     is to be called once. Null: on the device's completion thread. */
  void (*execute)(void *user, void (*run)(void *), void *argument);
  void *execute_user;
} twrun_device_options;

/* `options` may be null. */
twrun_status twrun_device_open(const twrun_device_options *options,
                               twrun_device **device, twrun_error **error);
void twrun_device_free(twrun_device *device);
const char *twrun_device_description(const twrun_device *device);
int32_t twrun_device_is_gpu(const twrun_device *device);

/* ---- Instances ---------------------------------------------------------- */

typedef struct twrun_instance twrun_instance;

typedef struct {
  size_t size;
  uint64_t extra_pages; /* of 64 KiB, that memory can grow by */
  uint64_t fuel;        /* of each thread and call; 0: no limit */
  uint32_t max_in_flight; /* calls; 0: the library's choice */
  int32_t allow_unchecked; /* run an artifact of --bounds=none */
  /* Texts that kernels print, any bytes, after the call that printed them. */
  void (*print)(void *user, const char *text, size_t count);
  void *print_user;
} twrun_instance_options;

/* `options` may be null. */
twrun_status twrun_instance_create(twrun_device *device,
                                   twrun_artifact *artifact,
                                   const twrun_instance_options *options,
                                   twrun_instance **instance,
                                   twrun_error **error);
/* Stops calls that have not begun, waits for the others and their callbacks;
   in a callback for all but that. */
void twrun_instance_free(twrun_instance *instance);
/* Linear memory as the host sees it between calls; it moves when memory grows. */
twrun_status twrun_instance_memory(twrun_instance *instance, uint32_t index,
                                   uint8_t **data, uint64_t *bytes,
                                   twrun_error **error);
/* By pages of 64 KiB. */
twrun_status twrun_instance_grow(twrun_instance *instance, uint32_t index,
                                 uint64_t pages, twrun_error **error);
/* Returns when nothing is under way. */
twrun_status twrun_instance_drain(twrun_instance *instance,
                                  twrun_error **error);

/* ---- Calls -------------------------------------------------------------- */

/* The bits of a value, zero-extended; `high` is the upper half of a v128. */
typedef struct {
  uint32_t type;
  uint32_t zero;
  uint64_t bits, high;
} twrun_value;

enum {
  TWRUN_INVOKE = 1, /* once, in one thread, instead of as a grid */
  TWRUN_TIMED = 2,  /* measure the kernel's own time */
  TWRUN_WAIT = 4    /* wait where the queue is full */
};
typedef struct {
  size_t size;
  const twrun_kernel *kernel;   /* of the instance's artifact */
  uint32_t grid[3], block[3];   /* zeros count as ones */
  const twrun_value *arguments; /* copied */
  size_t argument_count;
  uint64_t shared_bytes; /* of each block, beyond the kernel's own */
  uint32_t flags;
} twrun_call;

typedef struct twrun_outcome twrun_outcome;
typedef struct twrun_completion twrun_completion;

/* Runs a call and waits. A trap is an outcome, not an error. */
twrun_status twrun_run(twrun_instance *instance, const twrun_call *call,
                       twrun_outcome **outcome, twrun_error **error);

/* Begins a call and returns. `callback` (may be null) runs once when it has
   ended; it may submit, it may not wait. `completion` may be null. */
typedef void (*twrun_callback)(void *user, const twrun_completion *ended);
twrun_status twrun_submit(twrun_instance *instance, const twrun_call *call,
                          twrun_callback callback, void *user,
                          twrun_completion **completion, twrun_error **error);

/* TWRUN_PENDING, TWRUN_OK, TWRUN_STOPPED, or the status of its error. */
twrun_status twrun_completion_status(const twrun_completion *completion);
/* TWRUN_PENDING if it has not ended after so long; UINT64_MAX: no limit. What
   became of the call is for twrun_completion_outcome to say. */
twrun_status twrun_completion_wait(const twrun_completion *completion,
                                   uint64_t nanoseconds, twrun_error **error);
/* A copy of the outcome, once there is one, or the call's error. */
twrun_status twrun_completion_outcome(const twrun_completion *completion,
                                      twrun_outcome **outcome,
                                      twrun_error **error);
/* Asks that it not begin; nonzero if that came in time. */
int32_t twrun_completion_stop(const twrun_completion *completion);
void twrun_completion_free(twrun_completion *completion);

typedef struct {
  size_t size;
  uint32_t code; /* docs/KernelABI.md, "Traps" */
  int32_t has_place;
  uint32_t function, offset;
  uint32_t block[3], thread[3];
} twrun_trap;

size_t twrun_outcome_result_count(const twrun_outcome *outcome);
/* All zeros beyond the count. */
twrun_value twrun_outcome_result(const twrun_outcome *outcome, size_t index);
/* Nonzero if a thread trapped; fills in *trap (may be null). */
int32_t twrun_outcome_trap(const twrun_outcome *outcome, twrun_trap *trap);
/* "out of bounds memory access in function 3 'saxpy' at ..."; "" if none. */
const char *twrun_outcome_trap_text(const twrun_outcome *outcome);
/* The kernel's own time; 0 unless TWRUN_TIMED was set, or twrun_run ran it. */
double twrun_outcome_seconds(const twrun_outcome *outcome);
void twrun_outcome_free(twrun_outcome *outcome);

#ifdef __cplusplus
}
#endif

#endif /* TWRUN_TWRUN_H */

/* saxpy.c - y = a x + y on a GPU or the host, from C.
 *
 * Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE.TXT for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Usage: saxpy-c saxpy.ptxbin KEY.pub [DEVICE]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <twrun/twrun.h>

enum { count = 1 << 16, launches = 4 };

/* Ends the program with what went wrong, unless nothing did. */
static void must(twrun_status status, twrun_error *error) {
  if (status == TWRUN_OK)
    return;
  fprintf(stderr, "saxpy-c: error: %s\n", twrun_error_message(error));
  twrun_error_free(error);
  exit(1);
}

/* On the library's thread: it must neither wait nor take long. */
static void ended(void *user, const twrun_completion *completion) {
  if (twrun_completion_status(completion) == TWRUN_OK)
    ++*(int *)user;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: saxpy-c FILE.ptxbin KEY.pub [DEVICE]\n");
    return 2;
  }
  twrun_error *error = NULL;

  /* Verify the file, and find its kernel. */
  const char *keys[] = {argv[2]};
  twrun_trust trust = TWRUN_INIT(twrun_trust);
  trust.keys = keys;
  trust.key_count = 1;
  twrun_artifact *artifact;
  must(twrun_artifact_open(argv[1], &trust, &artifact, &error), error);
  const twrun_kernel *kernel;
  must(twrun_artifact_find(artifact, "saxpy", &kernel, &error), error);

  /* Two arrays of f32 behind what the module itself uses. */
  twrun_device_options where = TWRUN_INIT(twrun_device_options);
  where.name = argc > 3 ? argv[3] : "auto";
  twrun_device *device;
  must(twrun_device_open(&where, &device, &error), error);
  printf("on %s\n", twrun_device_description(device));
  twrun_instance_options options = TWRUN_INIT(twrun_instance_options);
  const uint64_t bytes = count * sizeof(float);
  options.extra_pages = 2 * bytes / 65536;
  twrun_instance *instance;
  must(twrun_instance_create(device, artifact, &options, &instance, &error),
       error);
  uint8_t *memory;
  uint64_t size;
  must(twrun_instance_memory(instance, 0, &memory, &size, &error), error);
  const uint64_t x = size, y = size + bytes;
  must(twrun_instance_grow(instance, 0, options.extra_pages, &error), error);
  must(twrun_instance_memory(instance, 0, &memory, &size, &error), error);
  for (int i = 0; i < count; ++i) {
    const float one = (float)i, two = 1;
    memcpy(memory + x + 4 * (uint64_t)i, &one, 4);
    memcpy(memory + y + 4 * (uint64_t)i, &two, 4);
  }

  /* Four launches, one after the other on the device, while this thread goes
     on. Arguments: a (the bits of 2.0f), x, y, and how many. */
  twrun_value arguments[] = {{TWRUN_F32, 0, 0x40000000, 0},
                             {TWRUN_I32, 0, x, 0},
                             {TWRUN_I32, 0, y, 0},
                             {TWRUN_I32, 0, count, 0}};
  twrun_call call = TWRUN_INIT(twrun_call);
  call.kernel = kernel;
  call.grid[0] = count / 256;
  call.block[0] = 256;
  call.arguments = arguments;
  call.argument_count = 4;
  int done = 0;
  twrun_completion *last = NULL;
  for (int i = 0; i < launches; ++i) {
    twrun_completion_free(last);
    must(twrun_submit(instance, &call, ended, &done, &last, &error), error);
  }
  must(twrun_completion_wait(last, UINT64_MAX, &error), error);
  twrun_outcome *outcome;
  must(twrun_completion_outcome(last, &outcome, &error), error);
  if (twrun_outcome_trap(outcome, NULL)) {
    fprintf(stderr, "saxpy-c: trap: %s\n", twrun_outcome_trap_text(outcome));
    return 3;
  }
  must(twrun_instance_drain(instance, &error), error);

  /* y = 1 + 4 * 2 * i */
  must(twrun_instance_memory(instance, 0, &memory, &size, &error), error);
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    float found;
    memcpy(&found, memory + y + 4 * (uint64_t)i, 4);
    wrong += found != 1 + 8 * (float)i;
  }
  printf("%d launches, %d wrong elements\n", done, wrong);

  twrun_outcome_free(outcome);
  twrun_completion_free(last);
  twrun_instance_free(instance);
  twrun_device_free(device);
  twrun_artifact_free(artifact);
  return wrong != 0;
}

//===- Instances.cpp - the C interface: devices and instances -------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// twrun/twrun.h, "Devices" and "Instances".
//
//===----------------------------------------------------------------------===//

#include "Handles.h"

using namespace twrun;
using namespace twrun::c;
using namespace ptxbin;

/// What twrun_device_options::execute gets; frees itself when it has run.
static void runHanded(void *argument) {
  std::unique_ptr<std::function<void()>> run(
      static_cast<std::function<void()> *>(argument));
  (*run)();
}

twrun_status twrun_device_open(const twrun_device_options *given,
                               twrun_device **device, twrun_error **error) {
  if (!device)
    return invalid("twrun_device_open: the device is null", error);
  return guarded(error, [&]() -> twrun_status {
    auto options = sized(given, "twrun_device_options");
    if (!options)
      return fail(options.error(), error);
    DeviceOptions chosen;
    switch (options->context) {
    case TWRUN_CONTEXT_PRIMARY:
      break;
    case TWRUN_CONTEXT_OWN:
      chosen.context = ContextChoice::Own;
      break;
    case TWRUN_CONTEXT_ADOPTED:
      chosen.context = ContextChoice::Adopted;
      break;
    default:
      return invalid("unknown context choice " +
                         std::to_string(options->context),
                     error);
    }
    chosen.adopted = options->adopted;
    if (options->execute)
      chosen.executor = [execute = options->execute,
                         user = options->execute_user](
                            std::function<void()> run) {
        execute(user, runHanded, new std::function<void()>(std::move(run)));
      };
    auto opened = Device::open(options->name ? options->name : "auto", chosen);
    if (!opened)
      return fail(opened.error(), error);
    std::string description = (*opened)->describe();
    *device = new twrun_device{std::move(*opened), std::move(description)};
    return TWRUN_OK;
  });
}

void twrun_device_free(twrun_device *device) { delete device; }
const char *twrun_device_description(const twrun_device *device) {
  return device->description.c_str();
}
int32_t twrun_device_is_gpu(const twrun_device *device) {
  return device->device->isGPU();
}

twrun_status twrun_instance_create(twrun_device *device,
                                   twrun_artifact *artifact,
                                   const twrun_instance_options *given,
                                   twrun_instance **instance,
                                   twrun_error **error) {
  if (!device || !artifact || !instance)
    return invalid("twrun_instance_create: a parameter is null", error);
  return guarded(error, [&]() -> twrun_status {
    auto options = sized(given, "twrun_instance_options");
    if (!options)
      return fail(options.error(), error);
    InstanceOptions chosen;
    chosen.extraPages = options->extra_pages;
    if (options->fuel)
      chosen.fuel = options->fuel;
    if (options->max_in_flight)
      chosen.maxInFlight = options->max_in_flight;
    chosen.allowUnchecked = options->allow_unchecked != 0;
    if (options->print)
      chosen.print = [print = options->print,
                      user = options->print_user](const Printed &printed) {
        print(user, printed.text.data(), printed.text.size());
      };
    auto made = std::make_unique<twrun_instance>();
    made->file = artifact->file;
    made->device = device->device;
    auto executor = made->device->instantiate(*made->file, chosen);
    if (!executor)
      return fail(executor.error(), error);
    made->executor = std::move(*executor);
    *instance = made.release();
    return TWRUN_OK;
  });
}

void twrun_instance_free(twrun_instance *instance) { delete instance; }

twrun_status twrun_instance_memory(twrun_instance *instance, uint32_t index,
                                   uint8_t **data, uint64_t *bytes,
                                   twrun_error **error) {
  if (!instance || !data || !bytes)
    return invalid("twrun_instance_memory: a parameter is null", error);
  return guarded(error, [&]() -> twrun_status {
    if (index >= instance->file->manifest().memories.size())
      return invalid("there is no memory " + std::to_string(index), error);
    std::span<uint8_t> memory = instance->executor->memory(index);
    *data = memory.data();
    *bytes = memory.size();
    return TWRUN_OK;
  });
}

twrun_status twrun_instance_grow(twrun_instance *instance, uint32_t index,
                                 uint64_t pages, twrun_error **error) {
  if (!instance)
    return invalid("twrun_instance_grow: the instance is null", error);
  return guarded(error, [&]() -> twrun_status {
    auto grown = instance->executor->grow(pages, index);
    return grown ? TWRUN_OK : fail(grown.error(), error);
  });
}

twrun_status twrun_instance_drain(twrun_instance *instance,
                                  twrun_error **error) {
  if (!instance)
    return invalid("twrun_instance_drain: the instance is null", error);
  return guarded(error, [&]() -> twrun_status {
    auto drained = instance->executor->drain();
    return drained ? TWRUN_OK : fail(drained.error(), error);
  });
}

//===- Session.cpp - what launch, invoke and run share --------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"

#include "lib/Quote.h"
#include "lib/Trace.h"

namespace twrun::cli {

Expected<uint32_t> findModule(const ptxbin::Manifest &manifest,
                              const std::optional<std::string> &wanted) {
  std::string offered;
  for (size_t i = manifest.modules.size(); i-- > 0;) {
    const std::string &name = manifest.modules[i].name;
    if (!wanted || name == *wanted)
      return uint32_t(i);
    offered += (offered.empty() ? "" : ", ") + quoteName(name);
  }
  return makeError(ErrorKind::NotFound, "no module " +
                                            quoteName(wanted.value_or("")) +
                                            ": there is " + oneLine(offered));
}

Expected<void> checkAsked(const Options &options,
                          const ptxbin::Manifest &manifest, bool fuel) {
  if (fuel && !manifest.fuel)
    return makeError(ErrorKind::Invalid,
                     "--fuel needs an artifact that counts fuel, and this one "
                     "does not");
  if (options.verify && options.tolerance.isExact() &&
      manifest.floatingPoint != ptxbin::strictFloats)
    return makeError(
        ErrorKind::Invalid,
        "--verify needs --tolerance for this artifact: its floating point is " +
            quoteName(manifest.floatingPoint) +
            " (twc --fp-contract=fast), which rounds otherwise than the "
            "interpreter; say what numbers may differ by, such as "
            "--tolerance=rel:1e-5, or --tolerance=ulp:0 for nothing");
  return {};
}

Expected<std::unique_ptr<Device>> openDevice(const Options &options) {
  TraceSpan span("open device");
  return Device::open(options.device);
}

Expected<std::unique_ptr<Executor>>
instantiate(Device &device, const ptxbin::PtxBin &artifact,
            const InstanceOptions &options) {
  auto instance = device.instantiate(artifact, options);
  if (instance || instance.error().kind != ErrorKind::Invalid)
    return instance;
  // Invalid says "usage" elsewhere; here it is the module that is at fault.
  return makeError(ErrorKind::Incompatible, instance.error().message);
}

Expected<std::vector<SavedSink>> saveSinks(const Arguments &arguments,
                                           const Placement &placement,
                                           Executor &executor,
                                           std::span<const size_t> order) {
  std::vector<std::pair<const BufferSpec *, Bytes>> files;
  std::span<uint8_t> memory = executor.memory(arguments.memory);
  for (size_t i = 0; i < arguments.buffers.size(); ++i) {
    const Buffer &buffer = arguments.buffers[i];
    if (buffer.spec.sink.empty())
      continue;
    const Buffer &contents = arguments.buffers[order.empty() ? i : order[i]];
    TraceSpan span("copy out");
    span.note("bytes", uint64_t(contents.initial.data.size()));
    ByteView data = memory.subspan(placement.base + contents.offset,
                                   contents.initial.data.size());
    auto bytes = encodeSink(buffer.spec.sink, buffer.initial.type,
                            buffer.initial.shape, data);
    if (!bytes)
      return bytes.error();
    files.emplace_back(&buffer.spec, std::move(*bytes));
  }
  std::vector<SavedSink> saved;
  for (const auto &[spec, bytes] : files) {
    TraceSpan span("write sink");
    span.note("path", spec->sink);
    span.note("bytes", uint64_t(bytes.size()));
    if (auto written = ptxbin::writeFileAtomic(spec->sink, bytes); !written)
      return written.error();
    saved.push_back({spec->sink, bytes.size()});
  }
  return saved;
}

} // namespace twrun::cli

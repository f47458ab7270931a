//===- Replay.cpp - runs recorded calls on a device and the oracle --------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter is the specification here, the recording a second witness:
// it comes from an engine that is neither ours nor WABT's.
//
//===----------------------------------------------------------------------===//

#include "Replay.h"

#include "lib/CLI/Compare.h"
#include "lib/CLI/Numbers.h"
#include "lib/Quote.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

using namespace twrun;
using namespace twrun::replay;

namespace {

/// Does to one executor what the host did before a call.
Expected<void> prepare(Executor &executor, const Call &call) {
  if (call.growPages)
    if (auto grown = executor.grow(call.growPages); !grown)
      return makeError(grown.error().kind,
                       executor.describe() + ": " + grown.error().message);
  std::span<uint8_t> memory = executor.memory();
  for (const Write &write : call.writes) {
    if (write.address > memory.size() ||
        write.bytes.size() > memory.size() - write.address)
      return makeError(ErrorKind::Invalid,
                       "a write of " + std::to_string(write.bytes.size()) +
                           " bytes at " + std::to_string(write.address) +
                           " is outside of memory, which has " +
                           std::to_string(memory.size()) + " bytes");
    std::copy(write.bytes.begin(), write.bytes.end(),
              memory.begin() + ptrdiff_t(write.address));
  }
  return {};
}

std::string digestOf(std::span<const uint8_t> bytes) {
  std::array<uint8_t, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  std::array<char, 2 * digest.size() + 1> text;
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return text.data();
}

bool bothNaN(const Value &a, const Value &b) {
  if (a.type == ValueType::F32)
    return cli::isNaN32(uint32_t(a.bits)) && cli::isNaN32(uint32_t(b.bits));
  return a.type == ValueType::F64 && cli::isNaN64(a.bits) &&
         cli::isNaN64(b.bits);
}

/// Compares with what the script tells; empty if there is no difference.
Expected<std::string> compareRecorded(const Call &call, const Outcome &outcome,
                                      Executor &executor,
                                      const ptxbin::Manifest &manifest) {
  if (outcome.trap.has_value() != call.traps) {
    if (!outcome.trap)
      return std::string("no trap on the device, and one in the recording");
    return "a trap on the device, and none in the recording: " +
           describeTrap(*outcome.trap, manifest);
  }
  if (call.results && !outcome.trap) {
    if (call.results->size() != outcome.results.size())
      return std::to_string(outcome.results.size()) +
             " results on the device, " + std::to_string(call.results->size()) +
             " in the recording";
    for (size_t i = 0; i < outcome.results.size(); ++i) {
      const Value &got = outcome.results[i];
      auto expected = toValue(got.type, (*call.results)[i]);
      if (!expected)
        return expected.error();
      if (std::tie(got.bits, got.high) !=
              std::tie(expected->bits, expected->high) &&
          !bothNaN(got, *expected))
        return "result " + std::to_string(i + 1) + " is " +
               cli::formatValue(got) + " on the device and " +
               cli::formatValue(*expected) + " in the recording";
    }
  }
  if (!call.memoryDigest.empty() &&
      digestOf(executor.memory()) != call.memoryDigest)
    return std::string("memory has another digest than in the recording");
  return std::string();
}

class Replayer {
public:
  Replayer(const ptxbin::PtxBin &artifact, std::unique_ptr<Executor> device,
           std::unique_ptr<OracleExecutor> oracle, ReplayReport &report)
      : manifest(artifact.manifest()), device(std::move(device)),
        oracle(std::move(oracle)), report(report) {}

  /// What differs after the call; empty if nothing does.
  Expected<std::string> run(const Call &call);

private:
  Expected<std::vector<Value>> arguments(const ptxbin::KernelInfo &kernel,
                                         const Call &call) const;

  const ptxbin::Manifest &manifest;
  std::unique_ptr<Executor> device;
  std::unique_ptr<OracleExecutor> oracle; // null without --interpreter
  ReplayReport &report;
};

Expected<std::vector<Value>>
Replayer::arguments(const ptxbin::KernelInfo &kernel, const Call &call) const {
  if (call.arguments.size() != kernel.params.size())
    return makeError(ErrorKind::Invalid,
                     "incorrect number of arguments: expected " +
                         std::to_string(kernel.params.size()) + ", but got " +
                         std::to_string(call.arguments.size()));
  std::vector<Value> values;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    auto value = toValue(kernel.params[i], call.arguments[i]);
    if (!value)
      return value.error();
    values.push_back(*value);
  }
  return values;
}

Expected<std::string> Replayer::run(const Call &call) {
  auto kernel = findKernel(manifest, call.function);
  if (!kernel)
    return kernel.error();
  if (!(*kernel)->notOffloadable.empty())
    return makeError(ErrorKind::Incompatible,
                     "not offloadable: " + oneLine((*kernel)->notOffloadable));
  auto values = arguments(**kernel, call);
  if (!values)
    return values.error();
  if (auto ready = prepare(*device, call); !ready)
    return ready.error();
  auto outcome = device->invoke(**kernel, *values);
  if (!outcome)
    return outcome.error();
  report.deviceSeconds += outcome->seconds;
  if (oracle) {
    if (auto ready = prepare(*oracle, call); !ready)
      return ready.error();
    auto expected = oracle->invoke(**kernel, *values);
    if (!expected)
      return expected.error();
    report.interpreterSeconds += expected->seconds;
    cli::Verification verification = cli::compareOutcomes(
        manifest, *outcome, *device, *expected, *oracle, {}, 0);
    if (!verification.agrees())
      return verification.mismatch;
  }
  auto recorded = compareRecorded(call, *outcome, *device, manifest);
  if (!recorded || !recorded->empty())
    return recorded;
  report.traps += outcome->trap.has_value();
  report.digests += !call.memoryDigest.empty();
  return std::string();
}

} // namespace

Expected<ReplayReport> replay::replayCalls(const ptxbin::PtxBin &artifact,
                                           const std::vector<Call> &calls,
                                           Device &device,
                                           const ReplayOptions &options) {
  ReplayReport report;
  InstanceOptions instance;
  instance.extraPages = options.extraPages;
  auto executor = device.instantiate(artifact, instance);
  if (!executor)
    return executor.error();
  std::unique_ptr<OracleExecutor> oracle;
  const std::string &floats = artifact.manifest().floatingPoint;
  if (options.interpreter && floats != ptxbin::strictFloats)
    return makeError(ErrorKind::Incompatible,
                     "floating point is " + quoteName(floats) +
                         " (twc --fp-contract=fast), and the interpreter "
                         "rounds otherwise: compile without it, or leave the "
                         "interpreter out (--recording-only)");
  if (options.interpreter) {
    auto made = OracleExecutor::create(artifact);
    if (!made)
      return makeError(made.error().kind,
                       "interpreter: " + made.error().message);
    oracle = std::move(*made);
  }
  report.device = (*executor)->describe();
  Replayer replayer(artifact, std::move(*executor), std::move(oracle), report);
  for (const Call &call : calls) {
    std::string where = "call " + std::to_string(report.calls + 1) + ", " +
                        quoteName(call.function) + ": ";
    auto difference = replayer.run(call);
    if (!difference)
      return makeError(difference.error().kind,
                       where + difference.error().message);
    if (!difference->empty()) {
      report.mismatch = where + *difference;
      return report;
    }
    ++report.calls;
  }
  return report;
}

//===- Runtime.h - devices, instances, invoke and launch --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A verified artifact becomes an Instance on a Device: its linear memory,
// globals and data segments are set up as the Wasm specification's
// instantiation says, and its exports can then be invoked (one thread) or
// launched (a grid of threads on one memory).
//
// Executor is what a device instance and the interpreter (Oracle.h) have in
// common, so that the same inputs can be run on both and compared.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_RUNTIME_H
#define TWRUN_RUNTIME_H

#include "Format/Finalized.h"
#include "Format/KernelABI.h"
#include "Format/PtxBin.h"
#include "twrun/DeviceInfo.h"
#include "twrun/Memory.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace twrun {

using ptxbin::Error;
using ptxbin::ErrorKind;
using ptxbin::Expected;
using ptxbin::ValueType;

/// A Wasm value: its type and its bits, zero-extended to 64; `high` is the
/// upper half of a v128. References are encoded as in Format/KernelABI.h.
struct Value {
  ValueType type = ValueType::I32;
  uint64_t bits = 0;
  uint64_t high = 0;
};

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
  uint64_t count() const { return uint64_t(x) * y * z; }
};

/// A guest fault, as the trap record tells it. `function` and `offset` are
/// the Wasm function index and the instruction's byte offset in the module;
/// the interpreter cannot tell them and leaves hasPlace false.
struct Trap {
  abi::TrapCode code = abi::TrapCode::None;
  bool hasPlace = true;
  uint32_t function = 0, offset = 0;
  Dim3 block{0, 0, 0}, thread{0, 0, 0};
  /// What an aborted thread gave as its reason, any bytes; "" if nothing.
  std::string message;
};

/// A call of tw.printf, formatted: any bytes, and not always a whole line.
struct Printed {
  Dim3 block{0, 0, 0}, thread{0, 0, 0};
  std::string text;
  std::string note; // what is wrong with the call; "" if nothing
};

/// What stacks take: memory on a GPU, which sets it aside at once, and address
/// space on the host, where pages cost nothing until they are touched.
struct StackUse {
  uint64_t perThread = 0; // bytes
  uint64_t threads = 0;   // that can run at once
  uint64_t bytes() const { return perThread * threads; }
};

/// What became of a call: results in order, or a trap; `seconds` is the time
/// the kernel itself took (events on a GPU, wall clock elsewhere).
struct Outcome {
  std::vector<Value> results;
  std::optional<Trap> trap;
  double seconds = 0;
  /// In the order in which they were recorded: a thread's own in its order.
  std::vector<Printed> printed;
  uint64_t lostPrints = 0; // calls that the buffer had no room for
  /// In an artifact of BoundsMode::Isolate: something was stored outside of
  /// memory, and caught. Results and memory are then unspecified. Without
  /// another trap `trap` is StrayStore.
  bool strayStore = false;
};

/// What a launch can choose beside its grid.
struct LaunchOptions {
  /// Shared memory of each block, if that is more than the kernel itself asks
  /// for.
  uint64_t sharedBytes = 0;
};

class Completion;
class Recording;

/// A call to be submitted.
struct Request {
  /// An export of the instance's own artifact.
  const ptxbin::KernelInfo *kernel = nullptr;
  Dim3 grid = {}, block = {};
  /// Copied.
  std::span<const Value> arguments = {};
  LaunchOptions options = {};
  /// Run it once, in one thread, instead of as a grid.
  bool invoke = false;
  /// Measure Outcome::seconds, which is 0 otherwise: on a GPU that takes two
  /// more calls of the driver.
  bool timed = false;
  /// Where too many calls are under way, wait until one has ended instead of
  /// failing with ErrorKind::WouldBlock. Not in a callback.
  bool wait = false;
};

/// The same of Request, for a recording.
struct RecordingOptions {
  bool timed = false, wait = false;
};

/// One instantiated module, ready to run its exports. State (memory, globals)
/// persists between calls. Calls are taken from any thread, and run one after
/// the other in the order in which they came. The rest is not thread-safe: one
/// thread at a time, and what calls that are under way do to memory is not
/// waited for.
class Executor {
public:
  virtual ~Executor();

  /// "host (16 threads)", "cuda:0 NVIDIA H200 (driver 13.0)", "interpreter".
  virtual std::string describe() const = 0;

  /// Instantiates the next module of an artifact that was opened with
  /// InstanceOptions::stepwise; how far it came is not undone by a failure
  /// (Wasm spec 4.5.4). An ErrorKind::Invalid error's message begins
  /// "instantiation trapped: " or "incompatible import type: ".
  virtual Expected<void> instantiateNext() = 0;

  /// Memory `index` (a position in Manifest::memories) as the host sees it
  /// between calls; empty when there is none. Invalidated by grow() and by
  /// calls of a module that grows. Where the host does not reach the memory it
  /// is a copy of all of it, which each call, copyIn() and copyOut() make old:
  /// ask again after them.
  virtual std::span<uint8_t> memory(uint32_t index = 0) = 0;

  /// Present size of memory `index` in bytes; 0 when there is none.
  virtual uint64_t memoryBytes(uint32_t index = 0);
  /// The kind that memory `index` has.
  virtual MemoryKind memoryKind(uint32_t index = 0) const;
  /// Whether the host reaches memory `index` itself, so that view() works and
  /// memory() is no copy: managed memory, and all on the host device.
  virtual bool hostReaches(uint32_t index = 0) const;

  /// The `count` elements at `offset` of memory `index`, in place. Refused
  /// where the host does not reach it, out of bounds, and off T's alignment.
  /// Invalidated as memory()'s bytes are.
  template <typename T>
  Expected<std::span<T>> view(uint64_t offset, uint64_t count,
                              uint32_t index = 0) {
    static_assert(std::is_trivially_copyable_v<T>);
    Expected<uint8_t *> at =
        viewBytes(offset, count, sizeof(T), alignof(T), index);
    if (!at)
      return at.error();
    return std::span<T>(reinterpret_cast<T *>(*at), size_t(count));
  }

  /// Copies `from` to `offset` of memory `index`, and waits for it.
  virtual Expected<void> copyIn(uint64_t offset, std::span<const uint8_t> from,
                                uint32_t index = 0);
  /// Copies from `offset` of memory `index` to `to`, and waits for it.
  virtual Expected<void> copyOut(uint64_t offset, std::span<uint8_t> to,
                                 uint32_t index = 0);

  /// Advises the driver of how managed memory is used. Gives false where there
  /// is nothing to advise: on the host device, in the interpreter, and on a GPU
  /// whose managed memory does not move page by page. Refused for memory that
  /// is not managed.
  virtual Expected<bool> advise(Advice advice, const MemoryRange &range);
  /// Starts to move managed memory, ahead of the next call. Gives false, and is
  /// refused, as advise() is.
  virtual Expected<bool> prefetch(Place to, const MemoryRange &range);

  /// Sets `bytes` of memory `index` aside for the host, at a multiple of
  /// `alignment` (a power of two): behind what there was and what it has set
  /// aside before. Grows memory where need be, so InstanceOptions::extraPages
  /// must leave room. The bytes are zero at first; they are the guest's like
  /// all others, and stay until a snapshot from before is restored.
  Expected<uint64_t> allocate(uint64_t bytes, uint64_t alignment = 256,
                              uint32_t index = 0);

  /// The state as it is, kept in `place`. Not where the interpreter runs.
  virtual Expected<std::unique_ptr<Snapshot>>
  snapshot(Place place = Place::Host);
  /// Brings the state of `snapshot` back: what memory has grown by since is
  /// given up and zero when it grows again. After a failure other than
  /// Incompatible nothing but another restore() makes the instance good.
  virtual Expected<void> restore(const Snapshot &snapshot);

  /// False once nothing can be called any more: the device was lost, or a
  /// restore() has failed.
  virtual bool isUsable() const { return true; }

  /// Grows a memory by `pages` of 64 KiB, as an embedder may. Fails, changing
  /// nothing, past the declared maximum or what can be had.
  virtual Expected<void> grow(uint64_t pages, uint32_t index = 0) = 0;

  /// Current value of global `index` (a position in Manifest::globals).
  virtual Value global(uint32_t index) const = 0;

  /// The references in table `index` (a position in Manifest::tables), as in
  /// Format/KernelABI.h; empty when there is none.
  virtual std::vector<uint64_t> table(uint32_t index) const = 0;

  /// Runs the export once, in one thread. Arguments are checked against the
  /// signature. A trap is an Outcome, not an Error.
  virtual Expected<Outcome> invoke(const ptxbin::KernelInfo &kernel,
                                   std::span<const Value> arguments) = 0;

  /// Runs the export as a grid, one Wasm activation per thread, and waits.
  virtual Expected<Outcome> launch(const ptxbin::KernelInfo &kernel, Dim3 grid,
                                   Dim3 block, std::span<const Value> arguments,
                                   const LaunchOptions &options = {}) = 0;

  /// Begins a call and returns: what launch() checks is checked before, and
  /// refused here. It runs after all calls of this instance that came before.
  /// At most InstanceOptions::maxInFlight are under way; ErrorKind::WouldBlock
  /// says that there are so many. The interpreter cannot.
  virtual Expected<Completion>
  submit(const Request &request,
         std::function<void(const Completion &)> callback = nullptr);

  /// Checks `requests` and keeps them, with their arguments, to be run one after
  /// the other as one call by submit(). Grids only, that do not print, of
  /// artifacts that are not isolated; their `timed` and `wait` are not looked
  /// at. Good as long as memory does not grow.
  virtual Expected<Recording> record(std::span<const Request> requests);
  /// Submits what was recorded here. It runs alone. Its outcome has the trap of
  /// the first of its calls that trapped; those behind it run all the same.
  virtual Expected<Completion>
  submit(const Recording &recording, const RecordingOptions &options = {},
         std::function<void(const Completion &)> callback = nullptr);

  /// Returns when all calls under way have ended and their callbacks have
  /// returned. ErrorKind::Busy in a callback.
  virtual Expected<void> drain();

  /// What the stacks of such a launch take; a launch that they do not fit is
  /// refused. Nothing where nobody can tell.
  virtual Expected<StackUse> stackUse(const ptxbin::KernelInfo &kernel,
                                      Dim3 grid, Dim3 block);

protected:
  /// What allocate() can give without growing memory: [next, end) of each.
  struct Reserve {
    uint64_t next = 0, end = 0;
  };
  std::map<uint32_t, Reserve> reserves; // by memory

private:
  Expected<uint8_t *> viewBytes(uint64_t offset, uint64_t count, uint64_t size,
                                uint64_t alignment, uint32_t index);
};

struct InstanceOptions {
  /// What linear memory is made of on a GPU. Isolated memories (docs/
  /// Sandbox.md) are Reserved in any case.
  MemoryKind memoryKind = MemoryKind::Managed;
  /// An image made of the artifact on a GPU machine (twreg finalize), verified,
  /// to be loaded in place of those in it. Needed until instantiate() returns.
  const ptxbin::Finalized *finalized = nullptr;
  /// Pages beyond its minimum that each memory can grow by, with grow() or,
  /// if the module contains memory.grow, on the device.
  uint64_t extraPages = 0;
  /// Fuel of each thread and call; set only for artifacts that count it.
  std::optional<uint64_t> fuel = std::nullopt;
  /// Instantiate no module yet: instantiateNext() does, one by one. Exports of
  /// modules that are not instantiated must not be called.
  bool stepwise = false;
  /// Calls of tw.printf that an invocation or a launch keeps, at most
  /// maxPrintRecords; only kernels that can print (KernelInfo::prints) have a
  /// buffer for them.
  uint64_t printRecords = 4096;
  /// Run an artifact of BoundsMode::None, which nothing keeps from reading and
  /// writing all that this process can.
  bool allowUnchecked = false;
  /// How many submitted calls may be under way at once, from 1 to
  /// maxCallsInFlight.
  uint32_t maxInFlight = 256;
  /// Called with each text, those of start functions too, once the call that
  /// printed it has ended.
  std::function<void(const Printed &)> print = nullptr;
};
inline constexpr uint64_t maxPrintRecords = 1 << 20;
inline constexpr uint32_t maxCallsInFlight = 1 << 16;

/// Which CUDA context a device works in.
enum class ContextChoice {
  Primary, ///< the one that CUDA's runtime library uses too
  Own,     ///< a new one, destroyed with the device
  Adopted, ///< DeviceOptions::adopted, which its owner destroys later
};

struct DeviceOptions {
  ContextChoice context = ContextChoice::Primary;
  /// A CUcontext of the device that is opened.
  void *adopted = nullptr;
  /// Where callbacks run: it gets each as a function that it calls once, later
  /// and anywhere. Empty: on the device's completion thread.
  std::function<void(std::function<void()>)> executor = nullptr;
};

/// What a device's completion thread has done.
struct CompletionStats {
  uint64_t ended = 0;    // calls
  double cpuSeconds = 0; // of the thread, so far
};

/// Where instances live: the host's cores, or one CUDA device. Thread-safe, and
/// shareable by instances; must outlive its instances. A process that was
/// forked off after it was opened gets errors from all of them.
class Device {
public:
  virtual ~Device();

  /// `spec`: "auto" (first CUDA device, else host), "cuda", "cuda:N", "host".
  /// `auto` falls back to the host only when there is no driver or device.
  static Expected<std::unique_ptr<Device>>
  open(const std::string &spec, const DeviceOptions &options = {});

  virtual std::string describe() const = 0;
  virtual bool isGPU() const = 0;
  /// What is free changes from call to call.
  virtual DeviceInfo info() const;
  virtual CompletionStats completionStats() const;

  /// Picks the image for this device, allocates memories and tables, and
  /// instantiates the artifact's modules in order (Manifest.h, ModuleInfo).
  /// `artifact` must outlive the instance.
  virtual Expected<std::unique_ptr<Executor>>
  instantiate(const ptxbin::PtxBin &artifact,
              const InstanceOptions &options) = 0;

  /// Memory of the host for copies to and from this device.
  virtual Expected<std::unique_ptr<HostBuffer>> hostBuffer(uint64_t bytes);
};

/// The export named `name` of the last module, or of module `module` (a
/// position in Manifest::modules); an error lists what there is.
Expected<const ptxbin::KernelInfo *>
findKernel(const ptxbin::Manifest &manifest, const std::string &name,
           std::optional<uint32_t> module = std::nullopt);

/// Checks shared by all executors: argument count and types.
Expected<void> checkArguments(const ptxbin::KernelInfo &kernel,
                              std::span<const Value> arguments);

/// Bytes of shared memory that a block has when a launch asks for `asked`: no
/// less than the kernel itself asks for, a multiple of 16. Refused beyond the
/// kernel's limit, and for a kernel without shared memory.
Expected<uint64_t> sharedBytesOf(const ptxbin::KernelInfo &kernel,
                                 uint64_t asked);

/// "out of bounds memory access in function 3 'saxpy' at offset 0xb0, block
/// (0,0,0), thread (5,0,0)".
std::string describeTrap(const Trap &trap, const ptxbin::Manifest &manifest);

} // namespace twrun

#endif // TWRUN_RUNTIME_H

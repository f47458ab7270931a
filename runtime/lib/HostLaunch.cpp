//===- HostLaunch.cpp - a grid on the host's cores ------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread that traps leaves the image by longjmp; the others of its block go
// on, since on a GPU too they run to their end.
//
//===----------------------------------------------------------------------===//

#include "HostLaunch.h"

#include "Block/Block.h"
#include "Block/FastMath.h"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <cstring>
#include <sys/mman.h>

using namespace twrun;
using namespace ptxbin;

/// HostThread with what its callbacks need behind it.
struct HostLaunch::GuestThread {
  abi::HostThread thread; // first: the callbacks get a pointer to it
  abi::TrapRecord *record;
  Block *block; // null: its threads do not wait for one another
  jmp_buf leave;
};

/// HostThread::trap. The first thread to fault in a launch wins the record.
void HostLaunch::trap(abi::HostThread *self, uint32_t code, uint32_t function,
                      uint32_t offset) {
  auto *guest = reinterpret_cast<GuestThread *>(self);
  std::atomic_ref<uint32_t> winner(guest->record->code);
  uint32_t none = 0;
  if (winner.compare_exchange_strong(none, code)) {
    guest->record->function = function;
    guest->record->offset = offset;
    std::copy_n(self->blockId, 3, guest->record->block);
    std::copy_n(self->threadId, 3, guest->record->thread);
    if (abi::TrapCode(code) == abi::TrapCode::Aborted) {
      guest->record->message = self->message;
      guest->record->memory = self->memory;
    }
  }
  // _longjmp leaves the signal mask alone. No frame it skips owns anything.
  _longjmp(guest->leave, 1);
}

uint64_t HostLaunch::collective(abi::HostThread *self,
                                const abi::Collective *call) {
  auto *guest = reinterpret_cast<GuestThread *>(self);
  CollectiveResult result{abi::TrapCode::DivergentBarrier, 0};
  if (guest->block) // or the manifest does not say what the image does
    result = guest->block->collective(*call);
  if (result.trap != abi::TrapCode::None)
    trap(self, uint32_t(result.trap), call->function, call->offset);
  return result.bits;
}

/// Steps to the thread after the current one; false at the block's end.
static bool stepThread(abi::HostThread &thread) {
  for (int i = 0; i < 3; ++i) {
    if (++thread.threadId[i] < thread.blockDim[i])
      return true;
    thread.threadId[i] = 0;
  }
  return false;
}

/// Everything that changes between setjmp and longjmp lives behind `guest`
/// and `launch`, which do not: locals that change would be indeterminate.
[[gnu::noinline]] void HostLaunch::runThreads(const HostLaunch &launch,
                                              GuestThread &guest) {
  if (_setjmp(guest.leave) && !stepThread(guest.thread))
    return;
  launch.entry(&launch.env, launch.arguments, &guest.thread);
}

[[gnu::noinline]] void HostLaunch::runThread(const HostLaunch &launch,
                                             GuestThread &guest) {
  if (_setjmp(guest.leave) == 0)
    launch.entry(&launch.env, launch.arguments, &guest.thread);
}

void HostLaunch::prepare(GuestThread &guest, uint64_t stackLimit,
                         uint8_t *shared) const {
  guest.record = &record;
  guest.thread.stackLimit = stackLimit;
  guest.thread.trap = trap;
  guest.thread.shared = shared;
  guest.thread.collective = collective;
  guest.thread.math = fastMath;
  guest.thread.timer = timerNanoseconds;
  uint32_t *blockDim = guest.thread.blockDim, *gridDim = guest.thread.gridDim;
  blockDim[0] = block.x, blockDim[1] = block.y, blockDim[2] = block.z;
  gridDim[0] = grid.x, gridDim[1] = grid.y, gridDim[2] = grid.z;
}

void HostLaunch::setBlock(abi::HostThread &thread, uint64_t index) const {
  thread.blockId[0] = uint32_t(index % grid.x);
  thread.blockId[1] = uint32_t(index / grid.x % grid.y);
  thread.blockId[2] = uint32_t(index / grid.x / grid.y);
}

/// Runs one block after the other on a worker.
class HostLaunch::BlockRunner {
public:
  BlockRunner(const HostLaunch &launch, StackPool &stacks, uint64_t stackLimit,
              uint8_t *shared)
      : launch(launch), block(stacks), shared(shared),
        guests(launch.cooperative ? launch.block.count() : 1) {
    for (GuestThread &guest : guests) {
      launch.prepare(guest, stackLimit, shared);
      guest.block = launch.cooperative ? &block : nullptr;
    }
  }

  Expected<void> run(uint64_t index) {
    if (shared)
      std::memset(shared, 0, launch.env.sharedBytes);
    for (GuestThread &guest : guests)
      launch.setBlock(guest.thread, index);
    if (!launch.cooperative) {
      std::fill_n(guests[0].thread.threadId, 3, 0);
      runThreads(launch, guests[0]);
      return {};
    }
    BlockThreads threads;
    threads.count = unsigned(guests.size());
    threads.body = [this](unsigned thread, uint8_t *stackLow) {
      GuestThread &guest = guests[thread];
      const Dim3 size = launch.block;
      guest.thread.threadId[0] = thread % size.x;
      guest.thread.threadId[1] = thread / size.x % size.y;
      guest.thread.threadId[2] = thread / size.x / size.y;
      if (stackLow) // null: on the worker's own stack
        guest.thread.stackLimit =
            reinterpret_cast<uint64_t>(stackLow) + hostStackMargin;
      runThread(launch, guest);
    };
    return block.run(threads);
  }

private:
  const HostLaunch &launch;
  Block block;
  uint8_t *const shared;
  std::vector<GuestThread> guests;
};

void HostLaunch::work(StackPool &stacks, uint64_t stackLimit, uint8_t *shared) {
  const uint64_t blocks = grid.count();
  BlockRunner runner(*this, stacks, stackLimit, shared);
  while (true) {
    uint64_t first = nextBlock.fetch_add(chunk);
    if (first >= blocks)
      return;
    uint64_t end = std::min(first + chunk, blocks);
    for (uint64_t i = first; i < end; ++i)
      if (Expected<void> ok = runner.run(i); !ok) {
        std::lock_guard lock(mutex);
        result = ok;
        return;
      }
  }
}

StackUse HostLaunch::stackUse(const KernelInfo &kernel, Dim3 grid, Dim3 block,
                              unsigned workers) {
  const uint64_t busy = std::min<uint64_t>(workers, grid.count());
  const uint64_t threads = block.count();
  if (!kernel.cooperative || threads == 1)
    return {hostStackBytes, busy};
  return {hostFiberBytes,
          std::clamp<uint64_t>(StackPool::maxStacks / threads, 1, busy) *
              threads};
}

/// Makes as many stacks as `workers` need, or as fewer of them can be given;
/// returns for how many workers there are.
Expected<unsigned> HostLaunch::reserveStacks(HostDevice &device,
                                             unsigned workers) const {
  const uint64_t threads = block.count();
  if (!cooperative || threads == 1)
    return workers;
  workers = unsigned(
      std::clamp<uint64_t>(StackPool::maxStacks / threads, 1, workers));
  while (true) {
    Expected<std::vector<Stack>> stacks =
        device.stacks().take(workers * threads);
    if (stacks) {
      device.stacks().giveBack(std::move(*stacks));
      return workers;
    }
    if (workers == 1)
      return stacks.error();
    workers /= 2;
  }
}

Expected<void> HostLaunch::run(HostDevice &device,
                               std::optional<uint64_t> stackLimit) {
  // Of two launches, the second would find the first one's stacks taken.
  std::unique_lock turn(device.launching, std::defer_lock);
  if (cooperative)
    turn.lock();
  Expected<unsigned> workers = reserveStacks(
      device, unsigned(std::min<uint64_t>(device.pool().size(), grid.count())));
  if (!workers)
    return workers.error();
  // Chunks so that a block of few instructions does not drown in atomics,
  // yet several per worker so that uneven blocks even out.
  chunk = std::clamp<uint64_t>(grid.count() / (8 * *workers), 1, 1024);

  // Pages of its own for each worker: aligned by far enough.
  HostMemory shared;
  const uint64_t each =
      (env.sharedBytes + hostPageSize() - 1) / hostPageSize() * hostPageSize();
  if (each) {
    Expected<HostMemory> memory =
        HostMemory::reserve(each * *workers, hostPageSize(), "shared memory");
    if (!memory)
      return memory.error();
    shared = std::move(*memory);
    if (!shared.protect(0, shared.size(), PROT_READ | PROT_WRITE))
      return makeError(ErrorKind::IO,
                       "cannot map " + std::to_string(shared.size()) +
                           " bytes of shared memory: " + strerror(errno));
  }
  if (stackLimit && *workers == 1) {
    work(device.stacks(), *stackLimit, each ? shared.data() : nullptr);
    return result;
  }
  device.pool().run(*workers, [&](uint64_t stackLimit) {
    unsigned worker = nextWorker.fetch_add(1);
    work(device.stacks(), stackLimit,
         each ? shared.data() + each * worker : nullptr);
  });
  return result;
}

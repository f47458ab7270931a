//===- Fiber.h - a function on a stack of its own ---------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Boost.Context's fiber, told to the sanitizers: they follow one stack per
// thread and must know when it changes.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_BLOCK_FIBER_H
#define TWRUN_LIB_BLOCK_FIBER_H

#include "Stacks.h"

#include <boost/context/fiber.hpp>

#if defined(__has_feature)
#define TWRUN_HAS_FEATURE(name) __has_feature(name)
#else
#define TWRUN_HAS_FEATURE(name) 0
#endif

namespace twrun {

/// What one fiber runs; must not throw.
using FiberMain = void (*)(void *context, unsigned index);

class Fiber {
public:
  /// Prepares `main` to run on `stack`, which must outlive it. It starts with
  /// the first resume().
  void start(Stack stack, FiberMain main, void *context, unsigned index);

  /// Whether handOver() is to be had. The sanitizers are told of a switch at
  /// its two ends, and know of none but between a fiber and the outside.
  static constexpr bool canHandOver =
      !TWRUN_HAS_FEATURE(address_sanitizer) &&
      !TWRUN_HAS_FEATURE(thread_sanitizer);

  /// From outside: goes on in the fiber, and in those that it hands over to,
  /// until one of them suspends or has ended. Returns which: a fiber that has
  /// ended has nothing to go on with.
  Fiber &resume();
  explicit operator bool() const { return bool(inside); }

  /// From inside: goes back to who resumed it.
  void suspend();

  /// From inside: goes on in `next`, which has suspended itself, and which
  /// goes back to whoever resumed this one. Fibers that hand over to each other
  /// at the same place return along the same calls, as a CPU predicts; the
  /// detour by the outside has other calls behind it.
  void handOver(Fiber &next);

private:
  boost::context::fiber inside;  // the fiber, while it is not running
  boost::context::fiber outside; // who resumed it, while it is
  Fiber *from = nullptr;         // who handed over to it: null is the outside
  Fiber **last = nullptr;        // where the outside learns who came back
  Stack stack;
  // AddressSanitizer's and ThreadSanitizer's: unused without them.
  [[maybe_unused]] void *fakeStack = nullptr, *sanitizerFiber = nullptr;
  [[maybe_unused]] const void *outsideLow = nullptr;
  [[maybe_unused]] size_t outsideSize = 0;

  void settle(boost::context::fiber &&before);
  void arrived(void *fake);
  void leave(bool forGood);
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_FIBER_H

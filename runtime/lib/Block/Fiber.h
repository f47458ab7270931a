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

namespace twrun {

/// What one fiber runs; must not throw.
using FiberMain = void (*)(void *context, unsigned index);

class Fiber {
public:
  /// Prepares `main` to run on `stack`, which must outlive it. It starts with
  /// the first resume().
  void start(Stack stack, FiberMain main, void *context, unsigned index);

  /// From outside: goes on in the fiber until it suspends or has ended.
  /// Returns whether it has.
  bool resume();

  /// From inside: goes back to who resumed it.
  void suspend();

private:
  boost::context::fiber inside;  // the fiber, while it is not running
  boost::context::fiber outside; // who resumed it, while it is
  Stack stack;
  // AddressSanitizer's and ThreadSanitizer's: unused without them.
  [[maybe_unused]] void *fakeStack = nullptr, *sanitizerFiber = nullptr;
  [[maybe_unused]] const void *outsideLow = nullptr;
  [[maybe_unused]] size_t outsideSize = 0;

  void arrived(void *fake);
  void leave(bool forGood);
};

} // namespace twrun

#endif // TWRUN_LIB_BLOCK_FIBER_H

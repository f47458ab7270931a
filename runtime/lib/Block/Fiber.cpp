//===- Fiber.cpp - a function on a stack of its own -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fiber.h"

#include <boost/context/preallocated.hpp>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TWRUN_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#if __has_feature(thread_sanitizer)
#define TWRUN_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif
#endif

using namespace twrun;
namespace context = boost::context;

namespace {

/// Stacks belong to a StackPool.
struct KeepStack {
  void deallocate(context::stack_context &) {}
};

} // namespace

/// In the fiber, after a switch to it.
void Fiber::arrived([[maybe_unused]] void *fake) {
#ifdef TWRUN_ASAN
  __sanitizer_finish_switch_fiber(fake, &outsideLow, &outsideSize);
#endif
}

/// In the fiber, before a switch from it.
void Fiber::leave([[maybe_unused]] bool forGood) {
#ifdef TWRUN_ASAN
  __sanitizer_start_switch_fiber(forGood ? nullptr : &fakeStack, outsideLow,
                                 outsideSize);
#endif
#ifdef TWRUN_TSAN
  __tsan_switch_to_fiber(const_cast<void *>(outsideLow), 0);
#endif
}

void Fiber::start(Stack on, FiberMain main, void *of, unsigned index) {
  stack = on;
  context::stack_context all;
  all.sp = on.top;
  all.size = size_t(on.top - on.low);
  inside = context::fiber(
      std::allocator_arg, context::preallocated(all.sp, all.size, all),
      KeepStack(), [this, main, of, index](context::fiber &&from) {
        outside = std::move(from);
        arrived(nullptr);
        main(of, index);
        leave(true);
        *last = this;
        return std::move(outside);
      });
#ifdef TWRUN_TSAN
  sanitizerFiber = __tsan_create_fiber(0);
#endif
}

Fiber &Fiber::resume() {
  Fiber *back = this;
  last = &back;
  from = nullptr;
#ifdef TWRUN_ASAN
  void *fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, stack.low,
                                 size_t(stack.top - stack.low));
#endif
#ifdef TWRUN_TSAN
  outsideLow = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(sanitizerFiber, 0);
#endif
  context::fiber rest = std::move(inside).resume();
  back->inside = std::move(rest);
#ifdef TWRUN_ASAN
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
#ifdef TWRUN_TSAN
  if (!back->inside)
    __tsan_destroy_fiber(sanitizerFiber);
#endif
  return *back;
}

/// In the fiber, after a switch to it: keeps what there is of where it came
/// from.
void Fiber::settle(context::fiber &&before) {
  (from ? from->inside : outside) = std::move(before);
}

void Fiber::suspend() {
  leave(false);
  *last = this;
  settle(std::move(outside).resume());
  arrived(fakeStack);
}

void Fiber::handOver(Fiber &next) {
  next.outside = std::move(outside);
  next.last = last;
  next.from = this;
  settle(std::move(next.inside).resume());
}

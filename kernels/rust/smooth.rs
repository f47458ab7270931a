// smooth.rs - moving average through shared memory, and its largest value.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// out[i] is the mean of in[i - 2] to in[i + 2], as far as they are there; each
// block puts its samples, and two on either side, into shared memory first.
// highest[b] is the largest result of block b. Launch with ceil(n / 256) blocks
// of 256 threads.

#![no_std]

#[path = "tw.rs"]
mod tw;

const THREADS: usize = 256;
const RADIUS: usize = 2;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe { tw::abort("panic\0".as_ptr()) };
    core::arch::wasm32::unreachable()
}

struct Shared {
    samples: [f32; THREADS + 2 * RADIUS],
}

#[no_mangle]
pub unsafe extern "C" fn smooth(input: *const f32, out: *mut f32, highest: *mut f32, n: u32) {
    let samples = (*tw::shared_as::<Shared>()).samples.as_mut_ptr();
    let first = tw::block_id_x() as usize * THREADS;
    let (thread, n) = (tw::thread_id_x() as usize, n as usize);
    let mut at = thread;
    while at < THREADS + 2 * RADIUS {
        // Position `at` is sample first + at - RADIUS; what is not there is 0.
        let sample = (first + at).wrapping_sub(RADIUS);
        *samples.add(at) = if sample < n { *input.add(sample) } else { 0.0 };
        at += THREADS;
    }
    tw::barrier();

    let i = first + thread;
    let mut mean = f32::NEG_INFINITY;
    if i < n {
        let low = i.saturating_sub(RADIUS);
        let high = if i + RADIUS < n { i + RADIUS } else { n - 1 };
        let mut sum = 0.0f32;
        let mut sample = low;
        while sample <= high {
            sum += *samples.add(sample + RADIUS - first);
            sample += 1;
        }
        mean = sum / (high - low + 1) as f32;
        *out.add(i) = mean;
    }
    // All threads of the block take part, those beyond n with nothing.
    let most = tw::block_reduce_max_f32(mean);
    if thread == 0 {
        *highest.add(tw::block_id_x() as usize) = most;
    }
}

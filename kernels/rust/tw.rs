// tw.rs - the guest's view of the device, for Rust.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The imports of module `tw` (docs/DeviceInterface.md; kernels/include/tw has a
// comment on each). Use it as a module, without the standard library:
//
//   #![no_std]
//   #[path = "tw.rs"]
//   mod tw;
//
//   #[no_mangle]
//   pub unsafe extern "C" fn saxpy(a: f32, x: *const f32, y: *mut f32, n: u32) {
//       let i = tw::global_id_x();
//       if i < n {
//           *y.add(i as usize) += a * *x.add(i as usize);
//       }
//   }
//
// rustc --crate-type=cdylib --target=wasm32-unknown-unknown -O -C panic=abort
//
// Arrays are raw pointers: other threads have them too, so that `&mut` would
// promise too much. An access out of bounds traps by itself; indexing a slice
// brings in code for panics, which is compiled all the same.
//
// Rust cannot say that a call is convergent: LLVM may copy one into both arms of
// a branch that only some threads take. Barriers mean the same then; warp
// operations do not, so call those where all lanes of their mask come by, and
// not directly before or behind a branch on the lane.

#![allow(dead_code)]

pub const ALL_LANES: u32 = 0xffff_ffff;

#[link(wasm_import_module = "tw")]
extern "C" {
    // Where this thread is (tw/thread.h).
    pub fn thread_id_x() -> u32;
    pub fn thread_id_y() -> u32;
    pub fn thread_id_z() -> u32;
    pub fn block_id_x() -> u32;
    pub fn block_id_y() -> u32;
    pub fn block_id_z() -> u32;
    pub fn block_dim_x() -> u32;
    pub fn block_dim_y() -> u32;
    pub fn block_dim_z() -> u32;
    pub fn grid_dim_x() -> u32;
    pub fn grid_dim_y() -> u32;
    pub fn grid_dim_z() -> u32;
    pub fn global_id() -> u64;
    pub fn lane_id() -> u32;
    pub fn warp_id() -> u32;
    pub fn warp_size() -> u32;

    // Barriers and fences (tw/warp.h).
    pub fn barrier();
    pub fn barrier_count(predicate: i32) -> u32;
    pub fn barrier_and(predicate: i32) -> i32;
    pub fn barrier_or(predicate: i32) -> i32;
    pub fn warp_sync(mask: u32);
    pub fn fence_block();
    pub fn fence_device();
    pub fn fence_system();

    // Warp operations (tw/warp.h).
    pub fn shuffle_idx_i32(mask: u32, v: i32, lane: u32, width: u32) -> i32;
    pub fn shuffle_idx_i64(mask: u32, v: i64, lane: u32, width: u32) -> i64;
    pub fn shuffle_idx_f32(mask: u32, v: f32, lane: u32, width: u32) -> f32;
    pub fn shuffle_idx_f64(mask: u32, v: f64, lane: u32, width: u32) -> f64;
    pub fn shuffle_up_i32(mask: u32, v: i32, delta: u32, width: u32) -> i32;
    pub fn shuffle_up_i64(mask: u32, v: i64, delta: u32, width: u32) -> i64;
    pub fn shuffle_up_f32(mask: u32, v: f32, delta: u32, width: u32) -> f32;
    pub fn shuffle_up_f64(mask: u32, v: f64, delta: u32, width: u32) -> f64;
    pub fn shuffle_down_i32(mask: u32, v: i32, delta: u32, width: u32) -> i32;
    pub fn shuffle_down_i64(mask: u32, v: i64, delta: u32, width: u32) -> i64;
    pub fn shuffle_down_f32(mask: u32, v: f32, delta: u32, width: u32) -> f32;
    pub fn shuffle_down_f64(mask: u32, v: f64, delta: u32, width: u32) -> f64;
    pub fn shuffle_xor_i32(mask: u32, v: i32, lanes: u32, width: u32) -> i32;
    pub fn shuffle_xor_i64(mask: u32, v: i64, lanes: u32, width: u32) -> i64;
    pub fn shuffle_xor_f32(mask: u32, v: f32, lanes: u32, width: u32) -> f32;
    pub fn shuffle_xor_f64(mask: u32, v: f64, lanes: u32, width: u32) -> f64;
    pub fn vote_all(mask: u32, predicate: i32) -> i32;
    pub fn vote_any(mask: u32, predicate: i32) -> i32;
    pub fn vote_ballot(mask: u32, predicate: i32) -> u32;
    pub fn match_any_i32(mask: u32, v: i32) -> u32;
    pub fn match_any_i64(mask: u32, v: i64) -> u32;
    pub fn match_all_i32(mask: u32, v: i32) -> u32;
    pub fn match_all_i64(mask: u32, v: i64) -> u32;
    pub fn warp_reduce_add_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_min_s_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_min_u_i32(mask: u32, v: u32) -> u32;
    pub fn warp_reduce_max_s_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_max_u_i32(mask: u32, v: u32) -> u32;
    pub fn warp_reduce_and_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_or_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_xor_i32(mask: u32, v: i32) -> i32;
    pub fn warp_reduce_add_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_min_s_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_min_u_i64(mask: u32, v: u64) -> u64;
    pub fn warp_reduce_max_s_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_max_u_i64(mask: u32, v: u64) -> u64;
    pub fn warp_reduce_and_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_or_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_xor_i64(mask: u32, v: i64) -> i64;
    pub fn warp_reduce_add_f32(mask: u32, v: f32) -> f32;
    pub fn warp_reduce_min_f32(mask: u32, v: f32) -> f32;
    pub fn warp_reduce_max_f32(mask: u32, v: f32) -> f32;
    pub fn warp_reduce_add_f64(mask: u32, v: f64) -> f64;
    pub fn warp_reduce_min_f64(mask: u32, v: f64) -> f64;
    pub fn warp_reduce_max_f64(mask: u32, v: f64) -> f64;
    pub fn block_reduce_add_i32(v: i32) -> i32;
    pub fn block_reduce_min_s_i32(v: i32) -> i32;
    pub fn block_reduce_min_u_i32(v: u32) -> u32;
    pub fn block_reduce_max_s_i32(v: i32) -> i32;
    pub fn block_reduce_max_u_i32(v: u32) -> u32;
    pub fn block_reduce_and_i32(v: i32) -> i32;
    pub fn block_reduce_or_i32(v: i32) -> i32;
    pub fn block_reduce_xor_i32(v: i32) -> i32;
    pub fn block_reduce_add_i64(v: i64) -> i64;
    pub fn block_reduce_min_s_i64(v: i64) -> i64;
    pub fn block_reduce_min_u_i64(v: u64) -> u64;
    pub fn block_reduce_max_s_i64(v: i64) -> i64;
    pub fn block_reduce_max_u_i64(v: u64) -> u64;
    pub fn block_reduce_and_i64(v: i64) -> i64;
    pub fn block_reduce_or_i64(v: i64) -> i64;
    pub fn block_reduce_xor_i64(v: i64) -> i64;
    pub fn block_reduce_add_f32(v: f32) -> f32;
    pub fn block_reduce_min_f32(v: f32) -> f32;
    pub fn block_reduce_max_f32(v: f32) -> f32;
    pub fn block_reduce_add_f64(v: f64) -> f64;
    pub fn block_reduce_min_f64(v: f64) -> f64;
    pub fn block_reduce_max_f64(v: f64) -> f64;

    // Shared memory (tw/shared.h). `bytes` and `groups` are constants: see `shared_as`.
    pub fn shared(bytes: u32) -> *mut u8;
    pub fn shared_base() -> *mut u8;
    pub fn shared_size() -> u32;
    pub fn copy_async_4(to: *mut u8, from: *const u8);
    pub fn copy_async_8(to: *mut u8, from: *const u8);
    pub fn copy_async_16(to: *mut u8, from: *const u8);
    pub fn copy_async_commit();
    pub fn copy_async_wait(groups: u32);

    // Atomics (tw/atomic.h); other orders and scopes are declared in the same way.
    pub fn atomic_add_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_s_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_u_i32_relaxed_block(p: *mut u32, v: u32) -> u32;
    pub fn atomic_max_s_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_max_u_i32_relaxed_block(p: *mut u32, v: u32) -> u32;
    pub fn atomic_and_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_or_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xor_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xchg_i32_relaxed_block(p: *mut i32, v: i32) -> i32;
    pub fn atomic_cmpxchg_i32_relaxed_block(p: *mut i32, expected: i32, replacement: i32) -> i32;
    pub fn atomic_add_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_s_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_u_i32_relaxed_device(p: *mut u32, v: u32) -> u32;
    pub fn atomic_max_s_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_max_u_i32_relaxed_device(p: *mut u32, v: u32) -> u32;
    pub fn atomic_and_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_or_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xor_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xchg_i32_relaxed_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_cmpxchg_i32_relaxed_device(p: *mut i32, expected: i32, replacement: i32) -> i32;
    pub fn atomic_add_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_s_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_min_u_i32_acq_rel_device(p: *mut u32, v: u32) -> u32;
    pub fn atomic_max_s_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_max_u_i32_acq_rel_device(p: *mut u32, v: u32) -> u32;
    pub fn atomic_and_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_or_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xor_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_xchg_i32_acq_rel_device(p: *mut i32, v: i32) -> i32;
    pub fn atomic_cmpxchg_i32_acq_rel_device(p: *mut i32, expected: i32, replacement: i32) -> i32;
    pub fn atomic_load_i32_relaxed_block(p: *const i32) -> i32;
    pub fn atomic_load_i32_relaxed_device(p: *const i32) -> i32;
    pub fn atomic_load_i32_acquire_block(p: *const i32) -> i32;
    pub fn atomic_load_i32_acquire_device(p: *const i32) -> i32;
    pub fn atomic_store_i32_relaxed_block(p: *mut i32, v: i32);
    pub fn atomic_store_i32_relaxed_device(p: *mut i32, v: i32);
    pub fn atomic_store_i32_release_block(p: *mut i32, v: i32);
    pub fn atomic_store_i32_release_device(p: *mut i32, v: i32);
    pub fn atomic_add_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_s_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_u_i64_relaxed_block(p: *mut u64, v: u64) -> u64;
    pub fn atomic_max_s_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_max_u_i64_relaxed_block(p: *mut u64, v: u64) -> u64;
    pub fn atomic_and_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_or_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xor_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xchg_i64_relaxed_block(p: *mut i64, v: i64) -> i64;
    pub fn atomic_cmpxchg_i64_relaxed_block(p: *mut i64, expected: i64, replacement: i64) -> i64;
    pub fn atomic_add_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_s_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_u_i64_relaxed_device(p: *mut u64, v: u64) -> u64;
    pub fn atomic_max_s_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_max_u_i64_relaxed_device(p: *mut u64, v: u64) -> u64;
    pub fn atomic_and_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_or_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xor_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xchg_i64_relaxed_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_cmpxchg_i64_relaxed_device(p: *mut i64, expected: i64, replacement: i64) -> i64;
    pub fn atomic_add_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_s_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_min_u_i64_acq_rel_device(p: *mut u64, v: u64) -> u64;
    pub fn atomic_max_s_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_max_u_i64_acq_rel_device(p: *mut u64, v: u64) -> u64;
    pub fn atomic_and_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_or_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xor_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_xchg_i64_acq_rel_device(p: *mut i64, v: i64) -> i64;
    pub fn atomic_cmpxchg_i64_acq_rel_device(p: *mut i64, expected: i64, replacement: i64) -> i64;
    pub fn atomic_load_i64_relaxed_block(p: *const i64) -> i64;
    pub fn atomic_load_i64_relaxed_device(p: *const i64) -> i64;
    pub fn atomic_load_i64_acquire_block(p: *const i64) -> i64;
    pub fn atomic_load_i64_acquire_device(p: *const i64) -> i64;
    pub fn atomic_store_i64_relaxed_block(p: *mut i64, v: i64);
    pub fn atomic_store_i64_relaxed_device(p: *mut i64, v: i64);
    pub fn atomic_store_i64_release_block(p: *mut i64, v: i64);
    pub fn atomic_store_i64_release_device(p: *mut i64, v: i64);
    pub fn atomic_add_f32_relaxed_block(p: *mut f32, v: f32) -> f32;
    pub fn atomic_min_f32_relaxed_block(p: *mut f32, v: f32) -> f32;
    pub fn atomic_max_f32_relaxed_block(p: *mut f32, v: f32) -> f32;
    pub fn atomic_xchg_f32_relaxed_block(p: *mut f32, v: f32) -> f32;
    pub fn atomic_cmpxchg_f32_relaxed_block(p: *mut f32, expected: f32, replacement: f32) -> f32;
    pub fn atomic_add_f32_relaxed_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_min_f32_relaxed_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_max_f32_relaxed_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_xchg_f32_relaxed_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_cmpxchg_f32_relaxed_device(p: *mut f32, expected: f32, replacement: f32) -> f32;
    pub fn atomic_add_f32_acq_rel_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_min_f32_acq_rel_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_max_f32_acq_rel_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_xchg_f32_acq_rel_device(p: *mut f32, v: f32) -> f32;
    pub fn atomic_cmpxchg_f32_acq_rel_device(p: *mut f32, expected: f32, replacement: f32) -> f32;
    pub fn atomic_load_f32_relaxed_block(p: *const f32) -> f32;
    pub fn atomic_load_f32_relaxed_device(p: *const f32) -> f32;
    pub fn atomic_load_f32_acquire_block(p: *const f32) -> f32;
    pub fn atomic_load_f32_acquire_device(p: *const f32) -> f32;
    pub fn atomic_store_f32_relaxed_block(p: *mut f32, v: f32);
    pub fn atomic_store_f32_relaxed_device(p: *mut f32, v: f32);
    pub fn atomic_store_f32_release_block(p: *mut f32, v: f32);
    pub fn atomic_store_f32_release_device(p: *mut f32, v: f32);
    pub fn atomic_add_f64_relaxed_block(p: *mut f64, v: f64) -> f64;
    pub fn atomic_min_f64_relaxed_block(p: *mut f64, v: f64) -> f64;
    pub fn atomic_max_f64_relaxed_block(p: *mut f64, v: f64) -> f64;
    pub fn atomic_xchg_f64_relaxed_block(p: *mut f64, v: f64) -> f64;
    pub fn atomic_cmpxchg_f64_relaxed_block(p: *mut f64, expected: f64, replacement: f64) -> f64;
    pub fn atomic_add_f64_relaxed_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_min_f64_relaxed_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_max_f64_relaxed_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_xchg_f64_relaxed_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_cmpxchg_f64_relaxed_device(p: *mut f64, expected: f64, replacement: f64) -> f64;
    pub fn atomic_add_f64_acq_rel_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_min_f64_acq_rel_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_max_f64_acq_rel_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_xchg_f64_acq_rel_device(p: *mut f64, v: f64) -> f64;
    pub fn atomic_cmpxchg_f64_acq_rel_device(p: *mut f64, expected: f64, replacement: f64) -> f64;
    pub fn atomic_load_f64_relaxed_block(p: *const f64) -> f64;
    pub fn atomic_load_f64_relaxed_device(p: *const f64) -> f64;
    pub fn atomic_load_f64_acquire_block(p: *const f64) -> f64;
    pub fn atomic_load_f64_acquire_device(p: *const f64) -> f64;
    pub fn atomic_store_f64_relaxed_block(p: *mut f64, v: f64);
    pub fn atomic_store_f64_relaxed_device(p: *mut f64, v: f64);
    pub fn atomic_store_f64_release_block(p: *mut f64, v: f64);
    pub fn atomic_store_f64_release_device(p: *mut f64, v: f64);

    // Arithmetic (tw/arith.h).
    pub fn fma_f32(a: f32, b: f32, c: f32) -> f32;
    pub fn fma_f64(a: f64, b: f64, c: f64) -> f64;
    pub fn rsqrt_f32(x: f32) -> f32;
    pub fn rsqrt_f64(x: f64) -> f64;
    pub fn fast_rcp_f32(x: f32) -> f32;
    pub fn fast_sqrt_f32(x: f32) -> f32;
    pub fn fast_rsqrt_f32(x: f32) -> f32;
    pub fn fast_sin_f32(x: f32) -> f32;
    pub fn fast_cos_f32(x: f32) -> f32;
    pub fn fast_exp2_f32(x: f32) -> f32;
    pub fn fast_log2_f32(x: f32) -> f32;
    pub fn fast_tanh_f32(x: f32) -> f32;
    pub fn fast_div_f32(a: f32, b: f32) -> f32;

    // Matrix units (tw/matrix.h). Numbers of fragments are constants.
    pub fn matrix_fill_f32(c: u32, value: f32);
    pub fn matrix_load_a_f16_row(a: u32, from: *const u16, stride: u32);
    pub fn matrix_load_a_f16_col(a: u32, from: *const u16, stride: u32);
    pub fn matrix_load_a_bf16_row(a: u32, from: *const u16, stride: u32);
    pub fn matrix_load_a_bf16_col(a: u32, from: *const u16, stride: u32);
    pub fn matrix_load_a_tf32_row(a: u32, from: *const f32, stride: u32);
    pub fn matrix_load_a_tf32_col(a: u32, from: *const f32, stride: u32);
    pub fn matrix_load_b_f16_row(b: u32, from: *const u16, stride: u32);
    pub fn matrix_load_b_f16_col(b: u32, from: *const u16, stride: u32);
    pub fn matrix_load_b_bf16_row(b: u32, from: *const u16, stride: u32);
    pub fn matrix_load_b_bf16_col(b: u32, from: *const u16, stride: u32);
    pub fn matrix_load_b_tf32_row(b: u32, from: *const f32, stride: u32);
    pub fn matrix_load_b_tf32_col(b: u32, from: *const f32, stride: u32);
    pub fn matrix_load_f32_row(c: u32, from: *const f32, stride: u32);
    pub fn matrix_load_f32_col(c: u32, from: *const f32, stride: u32);
    pub fn matrix_mma_f16(d: u32, a: u32, b: u32, c: u32);
    pub fn matrix_mma_bf16(d: u32, a: u32, b: u32, c: u32);
    pub fn matrix_mma_tf32(d: u32, a: u32, b: u32, c: u32);
    pub fn matrix_store_f32_row(c: u32, to: *mut f32, stride: u32);
    pub fn matrix_store_f32_col(c: u32, to: *mut f32, stride: u32);

    // Output, end and time (tw/print.h). Strings end with a zero byte.
    pub fn printf(format: *const u8, ...) -> i32;
    pub fn abort(message: *const u8);
    pub fn clock() -> u64;
    pub fn timer() -> u64;
}

/// Index of this thread in the whole grid, in x.
#[inline(always)]
pub fn global_id_x() -> u32 {
    unsafe { block_id_x() * block_dim_x() + thread_id_x() }
}

/// The block's shared memory as a `T`, whose size is reserved; zeros when the
/// block starts. Two calls give the same bytes.
#[inline(always)]
pub unsafe fn shared_as<T>() -> *mut T {
    shared(core::mem::size_of::<T>() as u32) as *mut T
}

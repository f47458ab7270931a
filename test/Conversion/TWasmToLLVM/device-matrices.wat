;; Matrix units: fragments are registers where everything is inlined, their layout
;; is known there, and neither local memory nor a branch is left. Bounds are those
;; of the whole matrix, in 64 bits.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD

(module
 (import "tw" "matrix_fill_f32" (func $fill (param i32 f32)))
 (import "tw" "matrix_load_a_f16_row" (func $a (param i32 i32 i32)))
 (import "tw" "matrix_load_a_f16_col" (func $a_col (param i32 i32 i32)))
 (import "tw" "matrix_load_b_f16_row" (func $b_row (param i32 i32 i32)))
 (import "tw" "matrix_load_b_f16_col" (func $b (param i32 i32 i32)))
 (import "tw" "matrix_mma_f16" (func $mma (param i32 i32 i32 i32)))
 (import "tw" "matrix_load_a_bf16_row" (func $a_bf16 (param i32 i32 i32)))
 (import "tw" "matrix_load_a_bf16_col" (func $a_bf16_col (param i32 i32 i32)))
 (import "tw" "matrix_load_b_bf16_row" (func $b_bf16 (param i32 i32 i32)))
 (import "tw" "matrix_load_b_bf16_col" (func $b_bf16_col (param i32 i32 i32)))
 (import "tw" "matrix_mma_bf16" (func $mma_bf16 (param i32 i32 i32 i32)))
 (import "tw" "matrix_load_a_tf32_row" (func $a_tf32 (param i32 i32 i32)))
 (import "tw" "matrix_load_a_tf32_col" (func $a_tf32_col (param i32 i32 i32)))
 (import "tw" "matrix_load_b_tf32_row" (func $b_tf32 (param i32 i32 i32)))
 (import "tw" "matrix_load_b_tf32_col" (func $b_tf32_col (param i32 i32 i32)))
 (import "tw" "matrix_mma_tf32" (func $mma_tf32 (param i32 i32 i32 i32)))
 (import "tw" "matrix_load_f32_row" (func $c (param i32 i32 i32)))
 (import "tw" "matrix_load_f32_col" (func $c_col (param i32 i32 i32)))
 (import "tw" "matrix_store_f32_row" (func $store (param i32 i32 i32)))
 (import "tw" "matrix_store_f32_col" (func $store_col (param i32 i32 i32)))
 (memory 1)

 ;; PTX-LABEL: .visible .entry tw_loop(
 ;; PTX-NOT: .local
 ;; PTX: wmma.load.a.sync.aligned.row.m16n16k16.global.f16
 ;; PTX: wmma.load.b.sync.aligned.col.m16n16k16.global.f16
 ;; PTX: wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32
 ;; PTX-NOT: wmma.mma
 ;; PTX: wmma.store.d.sync.aligned.row.m16n16k16.global.f32
 ;; PTX-LABEL: .visible .entry tw_layouts(

 ;; STD-LABEL: func.func private @f20_loop(
 ;; STD: arith.constant 31 : i32
 ;; STD: arith.constant 7 : i32
 ;; STD: twasm.rt.trap_if {{.*}}, unaligned_matrix
 ;; STD: arith.constant 30 : i64
 ;; STD: arith.muli {{.*}} : i64
 ;; STD: arith.constant 32 : i64
 ;; STD: twasm.rt.trap_if {{.*}}, out_of_bounds_memory_access
 ;; STD: twasm.rt.matrix_load a f16 row 7, {{.*}} : !llvm.ptr<1>
 ;; STD: twasm.matrix_mma f16 15, 7, 0, 15

 ;; HOST-LABEL: define {{.*}} @f20_loop(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 24, i32 0, i64 0, i32 15, i32 0,
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 25, i32 0, i64 {{.*}}, i32 7, i32 %9,
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 26, i32 0, i64 {{.*}}, i32 65536, i32 %9,
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 29, i32 0, i64 0, i32 251660047, i32 0,
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 28, i32 0, i64 {{.*}}, i32 783, i32 %9,
 (func (export "loop") (param $a i32) (param $b i32) (param $d i32)
   (param $stride i32) (param $n i32)
  (call $fill (i32.const 15) (f32.const 0))
  (loop $more
   (call $a (i32.const 7) (local.get $a) (local.get $stride))
   (call $b (i32.const 0) (local.get $b) (local.get $stride))
   (call $mma (i32.const 15) (i32.const 7) (i32.const 0) (i32.const 15))
   (local.set $a (i32.add (local.get $a) (i32.const 32)))
   (local.set $b (i32.add (local.get $b) (i32.const 32)))
   (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (call $store (i32.const 15) (local.get $d) (local.get $stride)))

 ;; PTX-COUNT-2: wmma.load.c.sync.aligned.{{row|col}}.m16n16k16.global.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.col.row.m16n16k16.f32.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.row.row.m16n16k16.f32.bf16.bf16.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.col.col.m16n16k16.f32.bf16.bf16.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.row.row.m16n16k8.f32.tf32.tf32.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.col.col.m16n16k8.f32.tf32.tf32.f32
 ;; PTX: wmma.store.d.sync.aligned.col.m16n16k16.global.f32
 ;; PTX-LABEL: .visible .entry tw_either(
 (func (export "layouts") (param $p i32) (param $s i32)
  (call $c (i32.const 0) (local.get $p) (local.get $s))
  (call $c_col (i32.const 1) (local.get $p) (local.get $s))
  (call $a_col (i32.const 0) (local.get $p) (local.get $s))
  (call $b_row (i32.const 0) (local.get $p) (local.get $s))
  (call $mma (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $mma (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 1))
  (call $store (i32.const 1) (local.get $p) (local.get $s))
  (call $a_bf16 (i32.const 0) (local.get $p) (local.get $s))
  (call $b_bf16 (i32.const 0) (local.get $p) (local.get $s))
  (call $mma_bf16 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $a_bf16_col (i32.const 0) (local.get $p) (local.get $s))
  (call $b_bf16_col (i32.const 0) (local.get $p) (local.get $s))
  (call $mma_bf16 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $a_tf32 (i32.const 0) (local.get $p) (local.get $s))
  (call $b_tf32 (i32.const 0) (local.get $p) (local.get $s))
  (call $mma_tf32 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $a_tf32_col (i32.const 0) (local.get $p) (local.get $s))
  (call $b_tf32_col (i32.const 0) (local.get $p) (local.get $s))
  (call $mma_tf32 (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $store_col (i32.const 0) (local.get $p) (local.get $s)))

 ;; The layout is known when it runs: all lanes take the same way.
 ;; PTX-DAG: wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32
 ;; PTX-DAG: wmma.mma.sync.aligned.col.col.m16n16k16.f32.f32
 (func (export "either") (param $p i32) (param $s i32) (param $how i32)
  (call $b (i32.const 0) (local.get $p) (local.get $s))
  (if (local.get $how)
   (then (call $a (i32.const 0) (local.get $p) (local.get $s)))
   (else (call $a_col (i32.const 0) (local.get $p) (local.get $s))))
  (call $mma (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $store (i32.const 0) (local.get $p) (local.get $s))))

;; Matrices and additions that most likely are in shared memory, one behind the
;; other, ask once whether all of them are, aligned; then they are made there. What
;; is between them moves ahead. Else each is checked for itself, in its order.
;;
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 -o %t.ptx && FileCheck %s < %t.ptx
;; RUN: %if ptxas %{ ptxas -arch=sm_80 %t.ptx -o %t.cubin %}

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "matrix_fill_f32" (func $fill (param i32 f32)))
 (import "tw" "matrix_load_a_f16_row" (func $a (param i32 i32 i32)))
 (import "tw" "matrix_load_b_f16_row" (func $b (param i32 i32 i32)))
 (import "tw" "matrix_mma_f16" (func $mma (param i32 i32 i32 i32)))
 (import "tw" "matrix_store_f32_row" (func $store (param i32 i32 i32)))
 (import "tw" "atomic_add_i32_relaxed_device"
  (func $add (param i32 i32) (result i32)))
 (memory 1)

 ;; STD-LABEL: func.func private @{{.*}}matrices{{.*}}grid
 ;; STD: llvm.cond_br {{.*}} weights([1048576, 1])
 ;; STD: twasm.rt.matrix_load a f16 row 0, {{.*}} : !llvm.ptr<3>
 ;; STD-NEXT: twasm.rt.matrix_load b f16 row 0, {{.*}} : !llvm.ptr<3>
 ;; STD-NEXT: llvm.br
 ;; STD: twasm.rt.trap_if {{.*}}, unaligned_matrix
 ;; STD: twasm.rt.trap_if {{.*}}, out_of_bounds_memory_access
 ;; STD: twasm.rt.matrix_load a f16 row 0, {{.*}} : !llvm.ptr
 ;; STD: twasm.rt.trap_if {{.*}}, unaligned_matrix
 ;; STD: twasm.rt.trap_if {{.*}}, out_of_bounds_memory_access
 ;; STD: twasm.rt.matrix_load b f16 row 0, {{.*}} : !llvm.ptr
 ;; STD: twasm.matrix_mma
 ;; STD: twasm.rt.matrix_store row 0, {{.*}} : !llvm.ptr<1>

 ;; CHECK-LABEL: .entry tw_matrices$grid(
 ;; CHECK: wmma.load.a.sync.aligned.row.m16n16k16.shared.f16
 ;; CHECK-NOT: bra
 ;; CHECK: wmma.load.b.sync.aligned.row.m16n16k16.shared.f16
 (func (export "matrices") (param $p i32) (param $d i32)
  (call $fill (i32.const 0) (f32.const 0))
  (call $a (i32.const 0)
   (i32.add (call $shared (i32.const 4096)) (local.get $p)) (i32.const 16))
  (call $b (i32.const 0) (i32.add (call $shared (i32.const 4096))
   (i32.mul (local.get $p) (i32.const 3))) (i32.const 24))
  (call $mma (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
  (call $store (i32.const 0) (local.get $d) (i32.const 16)))

 ;; CHECK-LABEL: .entry tw_additions$grid(
 ;; CHECK: atom.relaxed.gpu.shared.add.u32
 ;; CHECK-NOT: bra
 ;; CHECK: atom.relaxed.gpu.shared.add.u32
 ;; CHECK-NOT: bra
 ;; CHECK: atom.relaxed.gpu.shared.add.u32
 ;; CHECK: ret;
 ;; CHECK-COUNT-3: call.uni (retval0), __tw_window_address,
 (func (export "additions") (param $p i32)
  (drop (call $add (i32.add (call $shared (i32.const 4096)) (local.get $p))
   (i32.const 1)))
  (drop (call $add (i32.add (call $shared (i32.const 4096))
   (i32.shl (local.get $p) (i32.const 1))) (i32.const 2)))
  (drop (call $add (i32.add (call $shared (i32.const 4096))
   (i32.mul (local.get $p) (i32.const 5))) (i32.const 3))))

 ;; An old value that is wanted makes a test of its own.
 ;; CHECK-LABEL: .entry tw_old$grid(
 ;; CHECK: atom.relaxed.gpu.shared.add.u32
 ;; CHECK: bra
 ;; CHECK: atom.relaxed.gpu.shared.add.u32
 (func (export "old") (param $p i32)
  (drop (call $add (i32.add (call $shared (i32.const 4096))
   (call $add (i32.add (call $shared (i32.const 4096)) (local.get $p))
    (i32.const 1))) (i32.const 2)))))

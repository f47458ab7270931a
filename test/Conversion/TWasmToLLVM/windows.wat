;; The stack of a grid's threads is a window at the bottom of linear memory. An
;; invocation knows nothing of it.
;;
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=llvm-dialect --target=sm_80 | FileCheck %s --check-prefix=GPU
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=ptx --target=sm_75 -O0 | FileCheck %s --check-prefix=PTX

(module (memory 2)
 (global $sp (mut i32) (i32.const 65536))

 ;; STD-LABEL: func.func private @f0_use(
 ;; STD-NOT: exhausted
 ;; STD: twasm.rt.check_bounds %arg6
 ;; STD: llvm.store {{.*}} !llvm.ptr<1>
 (func $use (param $p i32) (i32.store offset=4 (local.get $p) (i32.const 7)))

 ;; STD-LABEL: func.func private @f1_k(
 ;; STD: llvm.store %{{.*}}, %{{.*}} {alignment = 16 : i64} : i32, !llvm.ptr<1>
 ;; STD: call @f0_use
 (func (export "k") (param $to i32) (param $from i32) (local $fp i32)
  (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 32))))
  (call $use (local.get $fp))
  (i32.store (local.get $to) (i32.load (local.get $fp)))
  (memory.copy (local.get $fp) (local.get $from) (i32.const 8))
  (drop (i32.atomic.rmw.add (local.get $fp) (i32.const 1)))
  (global.set $sp (i32.add (local.get $fp) (i32.const 32))))

 ;; The pointer is the thread's, and the copies call each other.
 ;; STD-LABEL: func.func private @g1_k$24grid(
 ;; STD: %[[SLOT:.*]] = llvm.getelementptr %arg5[16]
 ;; STD: %[[STACK:.*]] = llvm.load %[[SLOT]] {{.*}} -> !llvm.ptr
 ;; STD: %[[SP:.*]] = llvm.getelementptr %arg5[8]
 ;; STD: llvm.load %[[SP]] {alignment = 8 : i64} : !llvm.ptr -> i32
 ;; STD: call @g0_use$24grid
 ;; Both ranges of a copy may be of the stack.
 ;; STD: twasm.rt.trap_if {{.*}} call_stack_exhausted
 ;; STD: twasm.rt.copy {{.*}} : !llvm.ptr, !llvm.ptr
 ;; An atomic operation on it is none.
 ;; STD: llvm.cond_br
 ;; STD: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
 ;; STD: llvm.store
 ;; STD: llvm.atomicrmw add {{.*}} seq_cst {alignment = 4 : i64} : !llvm.ptr<1>, i32

 ;; STD-LABEL: func.func private @g0_use$24grid(
 ;; STD: %[[EA:.*]] = arith.addi
 ;; STD: arith.constant 65504 : i64
 ;; STD: arith.cmpi ult, %[[EA]]
 ;; STD: twasm.rt.trap_if {{.*}} call_stack_exhausted
 ;; STD: twasm.rt.trap_if {{.*}} out_of_bounds_memory_access
 ;; STD: twasm.rt.check_bounds
 ;; STD: %[[TOP:.*]] = arith.constant 65536 : i64
 ;; STD: %[[IN:.*]] = arith.cmpi ult, %[[EA]], %[[TOP]]
 ;; STD: llvm.addrspacecast %{{.*}} : !llvm.ptr<1> to !llvm.ptr
 ;; STD: llvm.select %[[IN]]
 ;; STD: llvm.store {{.*}} {alignment = 1 : i64} : i32, !llvm.ptr
)

;; GPU-LABEL: llvm.func @tw_k(
;; GPU-NOT: llvm.alloca
;; GPU: llvm.call @f1_k
;; GPU-LABEL: llvm.func @tw_k$grid(
;; GPU: %[[RECORD:.*]] = llvm.alloca %{{.*}} x i64 {alignment = 8 : i64}
;; GPU: %[[BYTES:.*]] = llvm.alloca %{{.*}} x !llvm.array<32 x i8> {alignment = 16 : i64}
;; GPU: llvm.store %[[BYTES]]
;; GPU: llvm.call @g1_k

;; PTX-DAG: .visible .entry tw_k(
;; PTX-DAG: .visible .entry tw_k$grid(

;; Accesses of a grid's function with shared memory. One compare says whether all
;; bytes are where the address most likely is; the rest is an outlined call. An
;; address made from tw.shared's is looked for in shared memory, any other above
;; the windows. The invocation's function has neither.
;;
;; RUN: twc %s --emit=std | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --report | FileCheck %s --check-prefix=REPORT

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "shared_size" (func $size (result i32)))
 (memory (export "memory") 1)

 ;; The invocation's: plain Wasm, where shared memory begins at 1024 and has
 ;; no bytes.
 ;; CHECK-LABEL: func.func private @f2_k(
 ;; CHECK-NOT: __tw_window
 ;; CHECK-DAG: arith.constant 1024 : i32
 ;; CHECK-DAG: arith.constant 0 : i32
 ;; CHECK: twasm.rt.check_bounds
 ;; CHECK-LABEL: func.func private @g2_k{{.*}}grid(

 ;; Of what begins in the window: distance < bytes -sat 3.
 ;; CHECK: %[[SHARED:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> !llvm.ptr<3>
 ;; CHECK: %[[BYTES:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> i64
 ;; CHECK: %[[LIMIT:.*]] = llvm.intr.usub.sat(%[[BYTES]], %{{.*}}) : (i64, i64) -> i64
 ;; CHECK: %[[DISTANCE:.*]] = arith.addi %{{.*}}, %{{.*}} : i32
 ;; CHECK: %[[NARROW:.*]] = arith.trunci %[[LIMIT]] : i64 to i32
 ;; CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[DISTANCE]], %[[NARROW]] : i32
 ;; CHECK: %[[WIDE:.*]] = arith.extui %[[DISTANCE]] : i32 to i64
 ;; CHECK: %[[PLACE:.*]] = llvm.getelementptr %[[SHARED]][%[[WIDE]]]
 ;; CHECK: llvm.cond_br %[[INSIDE]] weights([1048576, 1]),
 ;; CHECK: llvm.load %[[PLACE]] {alignment = 1 : i64} : !llvm.ptr<3> -> i32
 ;; CHECK: llvm.call @__tw_window_load_4(
 ;; Of any other: address - (base + bytes) < size -sat (base + bytes) -sat 7.
 ;; CHECK: %[[LOW:.*]] = arith.addi %[[BYTES]], %{{.*}} : i64
 ;; CHECK: %[[ABOVE:.*]] = llvm.intr.usub.sat(%{{.*}}, %[[LOW]])
 ;; CHECK: %[[FROM:.*]] = arith.subi %{{.*}}, %[[LOW]] : i64
 ;; CHECK: %[[MOST:.*]] = llvm.intr.usub.sat(%[[ABOVE]], %{{.*}})
 ;; CHECK: arith.cmpi ult, %[[FROM]], %[[MOST]] : i64
 ;; CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 1 : i64} : i64, !llvm.ptr<1>
 ;; CHECK: llvm.call @__tw_window_store_8(
 ;; A range is looked for by a call.
 ;; CHECK: llvm.call @__tw_window_address(
 ;; CHECK: twasm.rt.fill %{{.*}} : !llvm.ptr
 ;; CHECK: arith.trunci %[[BYTES]] : i64 to i32

 ;; The outlined function: in shared memory, if it begins there; else on the
 ;; stack, else in linear memory, and across no edge. The host's block has its
 ;; bytes from the runtime, and zeroes none.
 ;; HOST: define internal i32 @__tw_window_load_4(
 ;; HOST: icmp ult i64 %{{.*}}, %4
 ;; HOST: icmp ult i64 %0, %7
 ;; HOST: call void @__tw_trap(i32 5,
 ;; HOST-NOT: barrier

 ;; REPORT: k
 (func (export "k") (param $p i32)
  (i64.store (local.get $p) (i64.extend_i32_u
   (i32.load offset=4 (call $shared (i32.const 50)))))
  (memory.fill (local.get $p) (i32.const 1) (i32.const 8))
  (i32.store offset=16 (local.get $p) (call $size))))

;; Several memories: an op names its memory unless it is the first. The
;; destination of a copy comes first.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @f(
 ;; CHECK-SAME: %[[P:.*]]: i32) -> i32
 ;; CHECK-NEXT: %[[V:.*]] = load %[[P]] offset 0 align 2 in @memory1 : i32
 ;; CHECK-NEXT: store %[[V]], %[[P]] offset 0 align 2 : i32
 ;; CHECK-NEXT: memory_copy %[[P]], %[[P]], %[[P]] {dstMemory = @memory1} : i32, i32, i32
 ;; CHECK-NEXT: memory_copy %[[P]], %[[P]], %[[P]] {srcMemory = @memory1} : i32, i32, i32
 ;; CHECK-NEXT: memory_size in @memory1 : i32
 (func $f (export "f") (param i32) (result i32)
  (i32.store $a (local.get 0) (i32.load $b (local.get 0)))
  (memory.copy $b $a (local.get 0) (local.get 0) (local.get 0))
  (memory.copy $a $b (local.get 0) (local.get 0) (local.get 0))
  (memory.size $b))
 ;; CHECK-DAG: twasm.memory @memory0 min 1
 ;; CHECK-DAG: twasm.memory @memory1 min 2 max 3
 ;; CHECK-DAG: twasm.data @data0 active @memory1 offset 0 at
 ;; CHECK-DAG: twasm.export "b" memory @memory1
 (memory $a 1)
 (memory $b (export "b") 2 3)
 (data (memory $b) (i32.const 0) "x"))

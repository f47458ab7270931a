;; Bulk memory operations, on memory and with segments, which are named.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (memory 1)
 (func $g)
 ;; CHECK-LABEL: twasm.func @kernel(
 ;; CHECK-SAME: %[[D:.*]]: i32, %[[S:.*]]: i32, %[[N:.*]]: i32)
 ;; CHECK-NEXT: memory_copy %[[D]], %[[S]], %[[N]] : i32, i32, i32
 ;; CHECK-NEXT: memory_fill %[[D]], %[[S]], %[[N]] : i32
 ;; CHECK-NEXT: memory_init @data0, %[[D]], %[[S]], %[[N]] : i32
 ;; CHECK-NEXT: data_drop @data0
 (func $kernel (export "f") (param i32 i32 i32)
  (memory.copy (local.get 0) (local.get 1) (local.get 2))
  (memory.fill (local.get 0) (local.get 1) (local.get 2))
  (memory.init 0 (local.get 0) (local.get 1) (local.get 2))
  (data.drop 0))
 (data "passive"))

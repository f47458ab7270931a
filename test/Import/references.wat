;; References to functions, and tables: one op per instruction.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (table $t 4 8 funcref)
 (table $u 4 funcref)
 (elem declare func $kernel)
 (elem $e func $kernel)
 ;; CHECK-LABEL: twasm.func @kernel(
 ;; CHECK-SAME: %[[I:.*]]: i32)
 ;; CHECK: %[[R:.*]] = ref_func @kernel : !twasm.funcref
 ;; CHECK-NEXT: table_set @table0[%[[I]]], %[[R]] : !twasm.funcref
 ;; CHECK-NEXT: %[[NULL:.*]] = ref_null : !twasm.funcref
 ;; CHECK-NEXT: table_set @table1[%[[I]]], %[[NULL]] : !twasm.funcref
 ;; CHECK-NEXT: %[[E:.*]] = table_get @table0[%[[I]]] : !twasm.funcref
 ;; CHECK-NEXT: ref_is_null %[[E]] : !twasm.funcref
 ;; CHECK-NEXT: %[[N:.*]] = table_size @table1 : i32
 ;; CHECK-NEXT: table_grow @table0, %[[R]], %[[N]] : !twasm.funcref
 ;; CHECK-NEXT: table_fill @table0, %[[I]], %[[R]], %[[I]] : !twasm.funcref
 ;; CHECK-NEXT: table_copy @table0, @table1, %[[I]], %[[I]], %[[I]]
 ;; CHECK-NEXT: table_init @table0, @elem1, %[[I]], %[[I]], %[[I]]
 ;; CHECK-NEXT: elem_drop @elem1
 (func $kernel (export "f") (param $i i32) (local $r funcref)
  (local.set $r (ref.func $kernel))
  (table.set $t (local.get $i) (local.get $r))
  (table.set $u (local.get $i) (ref.null func))
  (drop (ref.is_null (table.get $t (local.get $i))))
  (drop (table.grow $t (local.get $r) (table.size $u)))
  (table.fill $t (local.get $i) (local.get $r) (local.get $i))
  (table.copy $t $u (local.get $i) (local.get $i) (local.get $i))
  (table.init $t $e (local.get $i) (local.get $i) (local.get $i))
  (elem.drop $e)))

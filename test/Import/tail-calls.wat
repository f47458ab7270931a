;; Tail calls end their block and pass the callee's results on.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 (type $t (func (param i32) (result i64)))
 (table 1 funcref)
 ;; CHECK-LABEL: twasm.func @direct(
 ;; CHECK-SAME: %[[P:.*]]: i32) -> i64
 ;; CHECK-NEXT: return_call @direct(%[[P]]) : (i32) -> i64
 ;; CHECK-NEXT: }
 (func $direct (export "f") (type $t)
  (return_call $direct (local.get 0)))
 ;; CHECK-LABEL: twasm.func @indirect(
 ;; CHECK-SAME: %[[P:.*]]: i32) -> i64
 ;; CHECK-NEXT: %[[I:.*]] = const 0 : i32
 ;; CHECK-NEXT: return_call_indirect @table0[%[[I]]] (%[[P]]) : (i32) -> i64
 ;; CHECK-NEXT: }
 (func $indirect (export "g") (type $t)
  (return_call_indirect (type $t) (local.get 0) (i32.const 0))))

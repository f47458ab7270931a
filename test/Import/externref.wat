;; References of the host: parameters, results, locals, which start as null,
;; tables and globals.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

(module
 ;; CHECK-LABEL: twasm.func @f(
 ;; CHECK-SAME: %[[R:.*]]: !twasm.externref) -> (!twasm.externref, i32)
 ;; CHECK: %[[NULL:.*]] = ref_null : !twasm.externref
 ;; CHECK: table_set @table0[%{{.*}}], %[[R]] : !twasm.externref
 ;; CHECK: %[[IS:.*]] = ref_is_null %[[R]] : !twasm.externref
 ;; CHECK: return %[[NULL]], %[[IS]] : !twasm.externref, i32
 (func (export "f") (param externref) (result externref i32)
  (local externref)
  (table.set 0 (i32.const 1) (local.get 0))
  (local.get 1)
  (ref.is_null (local.get 0)))
 ;; CHECK: twasm.table @table0 min 4 : !twasm.externref
 (table 4 externref)
 (global (mut externref) (ref.null extern)))

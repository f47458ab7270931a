;; A function is called by its name section entry, else by its export name, else
;; by its import's field, else by its index; `.index` tells equal names apart.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s

;; CHECK-DAG: twasm.func @named(){{.*}}func_index = 0
;; CHECK-DAG: twasm.func @exported(){{.*}}func_index = 1
;; CHECK-DAG: twasm.func @f2(){{.*}}func_index = 2
;; CHECK-DAG: twasm.func @taken(){{.*}}func_index = 3
;; CHECK-DAG: twasm.func @taken.4(){{.*}}func_index = 4
;; CHECK-DAG: twasm.func @"a b\22\C3\A9"(){{.*}}func_index = 5
;; CHECK-DAG: twasm.func @f6(){{.*}}func_index = 6
;; CHECK-DAG: twasm.global @counter index 0
;; CHECK-DAG: twasm.global @global1 index 1
;; CHECK-DAG: twasm.export "other" func @named
;; CHECK-DAG: twasm.export "exported" func @exported
;; CHECK-DAG: twasm.export "taken" func @taken.4
;; CHECK-DAG: twasm.export "a b\22\C3\A9" func @"a b\22\C3\A9"
;; CHECK-DAG: twasm.export "" func @f6

(module
 (func $named (export "other") (call 2) (call $taken))
 (func (export "exported"))
 (func)
 (func $taken)
 (func (export "taken"))
 (func (export "a b\"é"))
 (func (export ""))
 (global $counter i32 (i32.const 0))
 (global i32 (i32.const 0)))

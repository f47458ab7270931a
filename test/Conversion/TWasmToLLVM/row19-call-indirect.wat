;; Row 19 of the op mapping table: call_indirect becomes a switch over the
;; table's elements. Index out of range, null and another type trap, each with
;; its own code (spec 4.4.8); the same function twice is one call.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (type $unary (func (param i32) (result i32)))
 (table 5 funcref)
 (elem (i32.const 0) $a $b $other $a)
 (func $a (type $unary) (i32.clz (local.get 0)))
 (func $b (type $unary) (i32.popcnt (local.get 0)))
 (func $other (param f32) (result i32) (i32.const 1))

 ;; TWASM-LABEL: twasm.func @f(
 ;; TWASM: call_indirect @table0[%arg0]{{ ?}}(%arg1) : (i32) -> i32
 ;; STD-LABEL: func.func private @f3_f(
 ;; STD: cf.switch %arg6 : i32, [
 ;; STD-NEXT: default: ^[[OTHER:bb[0-9]+]],
 ;; STD-NEXT: 0: ^[[A:bb[0-9]+]],
 ;; STD-NEXT: 1: ^[[B:bb[0-9]+]],
 ;; STD-NEXT: 2: ^[[TYPE:bb[0-9]+]],
 ;; STD-NEXT: 3: ^[[A]]
 ;; STD-DAG: ^[[TYPE]]:
 ;; STD-DAG: twasm.rt.trap %arg2, indirect_call_type_mismatch
 ;; Index 4 is null, all above it are out of range.
 ;; STD-DAG: twasm.rt.trap{{.*}} %arg2, uninitialized_element
 ;; STD-DAG: twasm.rt.trap{{.*}} %arg2, undefined_element
 ;; STD-DAG: call @f0_a(
 ;; STD-DAG: call @f1_b(
 ;; PTX-LABEL: .visible .entry tw_f(
 ;; PTX: setp.{{gt|lt|ge|le}}.u32
 ;; PTX-DAG: clz.b32
 ;; PTX-DAG: popc.b32
 (func (export "f") (param i32 i32) (result i32)
  (call_indirect (type $unary) (local.get 1) (local.get 0))))

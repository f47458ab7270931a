;; Row 4 of the op mapping table: division and remainder. A zero divisor traps,
;; INT_MIN / -1 traps, INT_MIN % -1 is 0 (spec 4.3.2). The guards come first:
;; LLVM and PTX leave both undefined.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 ;; TWASM-LABEL: twasm.func @div_s(
 ;; TWASM: idiv_s %arg0, %arg1 : i32
 ;; STD-LABEL: func.func private @f0_div_s(
 ;; STD: %[[ZERO:.*]] = arith.constant 0 : i32
 ;; STD: %[[Z:.*]] = arith.cmpi eq, %arg7, %[[ZERO]] : i32
 ;; STD: twasm.rt.trap_if %[[Z]], {{.*}}integer_divide_by_zero
 ;; STD-DAG: %[[M1:.*]] = arith.constant -1 : i32
 ;; STD-DAG: %[[BY:.*]] = arith.cmpi eq, %arg7, %[[M1]] : i32
 ;; STD-DAG: %[[MIN:.*]] = arith.constant -2147483648 : i32
 ;; STD-DAG: %[[IS:.*]] = arith.cmpi eq, %arg6, %[[MIN]] : i32
 ;; STD: %[[O:.*]] = arith.andi %[[IS]], %[[BY]] : i1
 ;; STD: twasm.rt.trap_if %[[O]], {{.*}}integer_overflow
 ;; STD: arith.divsi %arg6, %arg7 : i32
 ;; PTX-LABEL: .visible .entry tw_div_s(
 ;; PTX: setp.{{eq|ne}}.b32 %p{{[0-9]+}}, %r{{[0-9]+}}, 0;
 ;; PTX: @%p{{[0-9]+}} bra
 ;; PTX: -2147483648
 ;; PTX: @%p{{[0-9]+}} bra
 ;; PTX: div.s32
 (func (export "div_s") (param i32 i32) (result i32)
  (i32.div_s (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @div_u(
 ;; TWASM: idiv_u %arg0, %arg1 : i64
 ;; STD-LABEL: func.func private @f1_div_u(
 ;; STD: twasm.rt.trap_if {{.*}}integer_divide_by_zero
 ;; STD-NOT: integer_overflow
 ;; STD: arith.divui %arg6, %arg7 : i64
 ;; PTX-LABEL: .visible .entry tw_div_u(
 ;; PTX: setp.{{eq|ne}}.b64 %p{{[0-9]+}}, %rd{{[0-9]+}}, 0;
 ;; PTX: @%p{{[0-9]+}} bra
 ;; PTX: div.u64
 (func (export "div_u") (param i64 i64) (result i64)
  (i64.div_u (local.get 0) (local.get 1)))

 ;; INT_MIN % -1: no overflow trap, and no division by -1.
 ;; TWASM-LABEL: twasm.func @rem_s(
 ;; TWASM: irem_s %arg0, %arg1 : i64
 ;; STD-LABEL: func.func private @f2_rem_s(
 ;; STD: twasm.rt.trap_if {{.*}}integer_divide_by_zero
 ;; STD-NOT: integer_overflow
 ;; STD: %[[M1:.*]] = arith.constant -1 : i64
 ;; STD: %[[BY:.*]] = arith.cmpi eq, %arg7, %[[M1]] : i64
 ;; STD: %[[ONE:.*]] = arith.constant 1 : i64
 ;; STD: %[[SAFE:.*]] = arith.select %[[BY]], %[[ONE]], %arg7 : i64
 ;; STD: arith.remsi %arg6, %[[SAFE]] : i64
 ;; PTX-LABEL: .visible .entry tw_rem_s(
 ;; PTX: setp.{{eq|ne}}.b64 %p{{[0-9]+}}, %rd{{[0-9]+}}, 0;
 ;; PTX: setp.eq.b64 %p{{[0-9]+}}, %rd{{[0-9]+}}, -1;
 ;; PTX: rem.s64
 (func (export "rem_s") (param i64 i64) (result i64)
  (i64.rem_s (local.get 0) (local.get 1)))

 ;; TWASM-LABEL: twasm.func @rem_u(
 ;; TWASM: irem_u %arg0, %arg1 : i32
 ;; STD-LABEL: func.func private @f3_rem_u(
 ;; STD: twasm.rt.trap_if {{.*}}integer_divide_by_zero
 ;; STD: arith.remui %arg6, %arg7 : i32
 ;; PTX-LABEL: .visible .entry tw_rem_u(
 ;; PTX: setp.{{eq|ne}}.b32 %p{{[0-9]+}}, %r{{[0-9]+}}, 0;
 ;; PTX: rem.u32
 (func (export "rem_u") (param i32 i32) (result i32)
  (i32.rem_u (local.get 0) (local.get 1)))

 ;; A division whose result nobody needs still traps.
 ;; STD-LABEL: func.func private @f4_dropped(
 ;; PTX-LABEL: .visible .entry tw_dropped(
 ;; PTX: setp.{{eq|ne}}.b32 %p{{[0-9]+}}, %r{{[0-9]+}}, 0;
 ;; PTX: __tw_trap
 (func (export "dropped") (param i32 i32)
  (drop (i32.rem_u (local.get 0) (local.get 1)))))

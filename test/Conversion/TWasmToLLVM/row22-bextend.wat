;; Row 22 of the op mapping table: extensions, as instructions and in loads.
;;
;; RUN: twc %s --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @s(
 ;; TWASM: extend_s %arg0 : i32 to i64
 ;; STD-LABEL: func.func private @f0_s(
 ;; STD: arith.extsi %arg6 : i32 to i64
 ;; PTX-LABEL: .visible .entry tw_s(
 ;; PTX: {{cvt.s64.s32|ld.param.s32}}
 (func (export "s") (param i32) (result i64) (i64.extend_i32_s (local.get 0)))
 ;; TWASM-LABEL: twasm.func @u(
 ;; TWASM: extend_u %arg0 : i32 to i64
 ;; STD-LABEL: func.func private @f1_u(
 ;; STD: arith.extui %arg6 : i32 to i64
 ;; PTX-LABEL: .visible .entry tw_u(
 ;; PTX: {{cvt.u64.u32|ld.param.b32}}
 (func (export "u") (param i32) (result i64) (i64.extend_i32_u (local.get 0)))
 ;; TWASM-LABEL: twasm.func @e8(
 ;; TWASM: extend8_s %arg0 : i32
 ;; STD-LABEL: func.func private @f2_e8(
 ;; STD: %[[B:.*]] = arith.trunci %arg6 : i32 to i8
 ;; STD: arith.extsi %[[B]] : i8 to i32
 ;; PTX-LABEL: .visible .entry tw_e8(
 ;; PTX: {{cvt.s32.s8|ld.param.s8}}
 (func (export "e8") (param i32) (result i32) (i32.extend8_s (local.get 0)))
 ;; TWASM-LABEL: twasm.func @e16(
 ;; TWASM: extend16_s %arg0 : i64
 ;; STD-LABEL: func.func private @f3_e16(
 ;; STD: %[[B:.*]] = arith.trunci %arg6 : i64 to i16
 ;; STD: arith.extsi %[[B]] : i16 to i64
 ;; PTX-LABEL: .visible .entry tw_e16(
 ;; PTX: {{cvt.s64.s16|ld.param.s16}}
 (func (export "e16") (param i64) (result i64) (i64.extend16_s (local.get 0)))
 ;; TWASM-LABEL: twasm.func @e32(
 ;; TWASM: extend32_s %arg0 : i64
 ;; STD-LABEL: func.func private @f4_e32(
 ;; STD: %[[B:.*]] = arith.trunci %arg6 : i64 to i32
 ;; STD: arith.extsi %[[B]] : i32 to i64
 ;; PTX-LABEL: .visible .entry tw_e32(
 ;; PTX: {{cvt.s64.s32|ld.param.s32}}
 (func (export "e32") (param i64) (result i64) (i64.extend32_s (local.get 0)))

 ;; TWASM-LABEL: twasm.func @load_s(
 ;; TWASM: load_s 8 %arg0 offset 0 align 0 : i64
 ;; STD-LABEL: func.func private @f5_load_s(
 ;; STD: %[[B:.*]] = llvm.load {{.*}} -> i8
 ;; STD: arith.extsi %[[B]] : i8 to i64
 ;; PTX-LABEL: .visible .entry tw_load_s(
 ;; PTX: ld.global.s8
 (func (export "load_s") (param i32) (result i64) (i64.load8_s (local.get 0)))
 ;; TWASM-LABEL: twasm.func @load_u(
 ;; TWASM: load_u 8 %arg0 offset 0 align 0 : i64
 ;; STD-LABEL: func.func private @f6_load_u(
 ;; STD: %[[B:.*]] = llvm.load {{.*}} -> i8
 ;; STD: arith.extui %[[B]] : i8 to i64
 ;; PTX-LABEL: .visible .entry tw_load_u(
 ;; PTX: ld.global.{{[bu]}}8
 (func (export "load_u") (param i32) (result i64) (i64.load8_u (local.get 0))))

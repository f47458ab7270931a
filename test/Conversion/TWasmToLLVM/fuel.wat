;; Fuel: with --fuel, functions and loops count down the thread's counter, which
;; the entry point fills from the environment (byte 48, kernel ABI); the infinite
;; loop ends. Without it there is no counter and the loop stays infinite.
;;
;; RUN: twc %s --fuel --emit=twasm | FileCheck %s --check-prefix=TWASM
;; RUN: twc %s --fuel --emit=std | FileCheck %s --check-prefix=STD
;; RUN: twc %s --fuel --emit=llvm-dialect --target=sm_80 | FileCheck %s --check-prefix=GPU
;; RUN: twc %s --fuel --emit=llvm-dialect --target=host | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --fuel --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=std | FileCheck %s --check-prefix=NONE
;; RUN: twc %s --emit=llvm-dialect --target=sm_80 | FileCheck %s --check-prefix=NULL
;; RUN: twc %s --emit=llvm-dialect --target=host | FileCheck %s --check-prefix=NULL
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=ENDLESS

;; The flags that the artifact records say so.
;; RUN: twc %s --fuel -o %t.ptxbin && twreg show %t.ptxbin | FileCheck %s --check-prefix=FLAG
;; RUN: twc %s -o %t.ptxbin && twreg show %t.ptxbin | FileCheck %s --check-prefix=NOFLAG
;; FLAG: --fuel
;; NOFLAG-NOT: --fuel

(module
 (memory 1)
 ;; TWASM-LABEL: twasm.func @spin(
 ;; TWASM-NEXT: consume_fuel 1
 ;; TWASM-NEXT: br ^[[L:bb[0-9]+]]
 ;; TWASM-NEXT: ^[[L]]:
 ;; TWASM-NEXT: consume_fuel 4
 ;; TWASM-NEXT: const

 ;; STD: module attributes {twasm.counts_fuel}
 ;; STD-LABEL: func.func private @f0_spin(
 ;; STD-SAME: %arg5: !llvm.ptr)
 ;; STD: ^[[L:bb[0-9]+]]:
 ;; STD-NEXT: %[[COST:.*]] = arith.constant 4 : i64
 ;; STD-NEXT: %[[LEFT:.*]] = llvm.load %arg5 {{.*}} : !llvm.ptr -> i64
 ;; STD-NEXT: %[[OUT:.*]] = arith.cmpi ult, %[[LEFT]], %[[COST]] : i64
 ;; STD-NEXT: twasm.rt.trap_if %[[OUT]], %arg2, all_fuel_consumed {at = {{[0-9]+}} : i32, function = 0 : i32}
 ;; STD-NEXT: %[[REST:.*]] = arith.subi %[[LEFT]], %[[COST]] : i64
 ;; STD-NEXT: llvm.store %[[REST]], %arg5 {{.*}} : i64, !llvm.ptr
 ;; STD: cf.br ^[[L]]

 ;; GPU-LABEL: llvm.func @tw_spin(
 ;; GPU: %[[COUNTER:.*]] = llvm.alloca %{{.*}} x i64 {alignment = 8 : i64} : (i32) -> !llvm.ptr
 ;; GPU: %[[AT:.*]] = llvm.getelementptr %arg0[48]
 ;; GPU-NEXT: %[[FUEL:.*]] = llvm.load %[[AT]] {{.*}} -> i64
 ;; GPU-NEXT: llvm.store %[[FUEL]], %[[COUNTER]]
 ;; GPU-NEXT: llvm.call @f0_spin({{.*}}, %[[COUNTER]])

 ;; One counter for the threads of a block, filled again for each.
 ;; HOST-LABEL: llvm.func @tw_spin(
 ;; HOST: %[[COUNTER:.*]] = llvm.alloca
 ;; HOST: %[[AT:.*]] = llvm.getelementptr %arg0[48]
 ;; HOST-NEXT: %[[FUEL:.*]] = llvm.load %[[AT]] {{.*}} -> i64
 ;; HOST-NEXT: llvm.br ^[[LOOP:bb[0-9]+]]
 ;; HOST-NEXT: ^[[LOOP]]:
 ;; HOST-NEXT: llvm.store %[[FUEL]], %[[COUNTER]]
 ;; HOST-NEXT: llvm.call @f0_spin({{.*}}, %[[COUNTER]])

 ;; Code 10, and a way out of the loop.
 ;; PTX-LABEL: .visible .entry tw_spin(
 ;; PTX: ld.param.b64 %{{.*}}, [tw_spin_param_0+48];
 ;; PTX: {{^}}[[L:\$L__BB[0-9_]+]]:{{[[:space:]]+}}add.s64 [[LEFT:%rd[0-9]+]], [[LEFT]], -4;
 ;; PTX-NEXT: setp.lt.u64 [[OUT:%p[0-9]+]], [[LEFT]], 4;
 ;; PTX-NEXT: @[[OUT]] bra
 ;; PTX-NEXT: bra.uni [[L]];
 ;; PTX: call.uni __tw_trap,
 ;; PTX: .func __tw_trap(
 ;; PTX: cas.b32 %{{.*}}, [%{{.*}}], 0, 10;

 ;; NONE-NOT: counts_fuel
 ;; NONE-NOT: all_fuel_consumed
 ;; NULL-LABEL: llvm.func @tw_spin(
 ;; NULL-NOT: llvm.alloca
 ;; NULL: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
 ;; NULL: llvm.call @f0_spin({{.*}}, %[[NULL]])

 ;; ENDLESS-LABEL: .visible .entry tw_spin(
 ;; ENDLESS: [[L:\$L__BB[0-9_]+]]:
 ;; ENDLESS-NOT: exit;
 ;; ENDLESS: bra.uni [[L]];
 ;; ENDLESS-NOT: [tw_spin_param_0+48]
 (func $spin (export "spin")
  (loop $l
   (i32.store8 (i32.const 7) (i32.const 1))
   (br $l))))

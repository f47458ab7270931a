;; Every op says which function it is from and at which byte of the module its
;; instruction stands: what a trap record says (docs/KernelABI.md, "Traps").
;;
;; RUN: twc %s --emit=std | FileCheck %s

(module
 (memory 1)
 (func $g (param i32) (result i32)
  (local.get 0))
 ;; The load stands at 0x2d, the division at 0x32 (wasm-objdump -d).
 ;; CHECK-LABEL: func.func private @f1_f(
 ;; CHECK: twasm.rt.check_bounds %{{.*}} {at = 45 : i32, bytes = 4 : i32, function = 1 : i32, offset = 7 : i64}
 ;; CHECK: twasm.rt.trap_if {{.*}}integer_divide_by_zero{{.*}} {at = 50 : i32, function = 1 : i32}
 (func $f (export "f") (param i32) (result i32)
  (i32.load offset=7 (local.get 0))
  (local.get 0)
  (i32.div_u)))

;; Without bounds checks: no test, no copy, accesses aligned to their width on a
;; GPU, and a loop whose address is a 64-bit recurrence. Other traps stay.
;;
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=none | FileCheck %s --check-prefixes=CHECK,PTX
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=none -O0 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host --bounds=none | FileCheck %s
;; RUN: twc %s --emit=llvm --target=host --bounds=none -O0 | FileCheck %s
;; RUN: twc %s --emit=ptx --target=sm_80 --bounds=none | FileCheck %s --check-prefix=TEXT
;;
;; CHECK-NOT: oob
;; CHECK-NOT: misaligned
;; CHECK-NOT: checked
;; CHECK-NOT: __tw_check_bounds
;; TEXT-NOT: setp.{{g|l}}{{[a-z.]*}}u64
;; TEXT-NOT: bytes_

(module
 (memory 1 2)
 (memory $wide i64 1)
 ;; PTX-LABEL: define {{.*}}@tw_add(
 ;; PTX-NOT: icmp
 ;; PTX: load i32, {{.*}} align 4
 ;; PTX: store i32 {{.*}} align 4
 ;; PTX: store i64 {{.*}} align 8
 ;; PTX: {{^}}}
 (func (export "add") (param $p i32) (param $w i64)
  (i32.store align=1 (local.get $p)
   (i32.add (i32.load align=1 (local.get $p)) (i32.const 5)))
  (i64.store $wide (local.get $w) (local.get $w)))

 ;; PTX-LABEL: define {{.*}}@tw_sum(
 ;; The loop's counter and the sum; the address follows from the counter.
 ;; PTX: phi i64
 ;; PTX-NOT: zext
 ;; PTX: load float, {{.*}} align 4
 ;; PTX: {{^}}}
 (func (export "sum") (param $p i32) (param $n i32) (result f32)
  (local $s f32)
  (loop $again
   (local.set $s (f32.add (local.get $s) (f32.load (local.get $p))))
   (local.set $p (i32.add (local.get $p) (i32.const 4)))
   (br_if $again
    (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $s))

 ;; PTX-LABEL: define {{.*}}@tw_divide(
 ;; PTX: icmp eq i32 %1, 0
 ;; PTX: call void @__tw_trap(ptr
 (func (export "divide") (param i32) (result i32)
  (drop (memory.grow (i32.const 0)))
  (i32.div_u (i32.load (local.get 0)) (local.get 0)))

 ;; No trap but that of the division is left: its code is in the function.
 ;; PTX-LABEL: define internal void @__tw_trap(ptr %0)
 ;; PTX: cmpxchg ptr addrspace(1) %{{.*}}, i32 0, i32 3 monotonic
 )

;; Isolated accesses: no compare with a size is left, at any level and on either
;; target; a GPU still asks for alignment. A loop is tested ahead of it, for the
;; 64-bit addresses: in the 32-bit window, not in the memory.
;;
;; RUN: twc %s --emit=llvm --target=host --bounds=isolate | FileCheck %s --check-prefixes=CHECK,HOST
;; RUN: twc %s --emit=llvm --target=host --bounds=isolate -O0 | FileCheck %s --check-prefixes=CHECK,PLAIN
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=isolate | FileCheck %s --check-prefixes=CHECK,PTX
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=isolate -O0 | FileCheck %s
;; RUN: twc %s --emit=llvm --target=sm_80 --bounds=isolate | FileCheck %s --check-prefix=LOOP
;; The same with checks, so that the names above are the right ones.
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=CHECKED
;;
;; CHECK-NOT: {{__tw_trap|__tw_check_bounds|oob}}
;; CHECKED: __tw_trap

(module
 (memory 1)
 ;; HOST-LABEL: define {{.*}}@tw_add(
 ;; HOST-NOT: icmp {{.*}} i64
 ;; HOST-NOT: __tw_trap
 ;; HOST: {{^}}}
 ;; PLAIN-LABEL: define {{.*}}@f0_add(
 ;; PLAIN-NOT: icmp
 ;; PLAIN-NOT: __tw_trap
 ;; PLAIN: {{^}}}
 ;; Without optimisation what is known of the size stays; it is no compare.
 ;; PLAIN-LABEL: define {{.*}}@tw_add(
 ;; PLAIN-NOT: icmp {{.*}} i64
 ;; PLAIN: %[[KNOWN:.*]] = icmp uge i64 %{{.*}}, 65536
 ;; PLAIN-NEXT: call void @llvm.assume(i1 %[[KNOWN]])
 ;; PLAIN-NOT: icmp {{.*}} i64
 ;; PLAIN-NOT: __tw_trap
 ;; PLAIN: {{^}}}
 ;; PTX-LABEL: define {{.*}}@tw_add(
 ;; PTX-NOT: icmp {{s|u}}{{[gl]}}
 ;; PTX: %[[LOW:.*]] = and i32 %{{.*}}, 3
 ;; PTX-NEXT: icmp {{eq|ne}} i32 %[[LOW]], 0
 ;; PTX-NOT: icmp
 ;; PTX: load i32, {{.*}} align 4
 (func (export "add") (param $p i32)
  (i32.store offset=8 (local.get $p)
   (i32.add (i32.load offset=8 (local.get $p)) (i32.const 5))))

 ;; LOOP-LABEL: define {{.*}}@tw_sum(
 ;; LOOP: icmp {{.*}} i64 %{{.*}}, 429496729
 ;; LOOP: br i1 {{.*}}.checked
 (func (export "sum") (param $p i32) (param $n i32) (result i32)
  (local $s i32)
  (loop $again
   (local.set $s (i32.add (local.get $s) (i32.load (local.get $p))))
   (local.set $p (i32.add (local.get $p) (i32.const 4)))
   (br_if $again
    (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $s)))

;; Asynchronous copies: cp.async from sm_80 on, where both addresses are aligned
;; and where they have to be; at once elsewhere, and on older GPUs and the host.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 -o %t.ptx && FileCheck %s < %t.ptx
;; RUN: twc %s --emit=ptx --target=sm_75 -o %t75.ptx
;; RUN: FileCheck %s --check-prefix=OLD < %t75.ptx
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=OLD
;; RUN: %if ptxas %{ ptxas -arch=sm_80 %t.ptx -o %t.cubin %}
;; RUN: %if ptxas %{ ptxas -arch=sm_75 %t75.ptx -o %t.cubin %}

;; OLD-NOT: cp.async

;; An invocation copies at once, and has no groups to wait for.
;; CHECK-LABEL: .entry tw_copies(
;; CHECK-NOT: cp.async.c{{[ag]}}

;; CHECK-LABEL: .entry tw_copies$grid(
;; Aligned, inside of shared memory, and inside of linear memory:
;; CHECK: and.b32 %r{{[0-9]+}}, %r{{[0-9]+}}, 3;
;; CHECK: cp.async.ca.shared.global [%{{.*}}], [%{{.*}}], 4;
;; CHECK: cp.async.ca.shared.global [%{{.*}}], [%{{.*}}], 8;
;; CHECK: cp.async.commit_group;
;; CHECK: cp.async.cg.shared.global [%{{.*}}], [%{{.*}}], 16;
;; CHECK: cp.async.commit_group;
;; CHECK: cp.async.wait_group 1;
;; CHECK: cp.async.wait_group 0;
;; Otherwise they are looked for, and copied at once by outlined functions, for
;; which no test is made ahead:
;; CHECK: ret;
;; CHECK: call.uni (retval0), __tw_window_load_4,
;; CHECK: call.uni __tw_window_store_4,
;; CHECK: call.uni (retval0), __tw_window_load_8,
;; CHECK: call.uni __tw_window_store_8,
;; CHECK: call.uni (retval0), __tw_window_load_16,
;; CHECK: call.uni __tw_window_store_16,
;; CHECK: {{^}}}

(module
 (import "tw" "shared" (func $shared (param i32) (result i32)))
 (import "tw" "copy_async_4" (func $copy4 (param i32 i32)))
 (import "tw" "copy_async_8" (func $copy8 (param i32 i32)))
 (import "tw" "copy_async_16" (func $copy16 (param i32 i32)))
 (import "tw" "copy_async_commit" (func $commit))
 (import "tw" "copy_async_wait" (func $wait (param i32)))
 (memory 1)
 (func (export "copies") (param $to i32) (param $from i32)
  (local.set $to (i32.add (call $shared (i32.const 256)) (local.get $to)))
  (call $copy4 (local.get $to) (local.get $from))
  (call $copy8 (local.get $to) (local.get $from))
  (call $commit)
  (call $copy16 (local.get $to) (local.get $from))
  (call $commit)
  (call $wait (i32.const 1))
  (call $wait (i32.const 0))))

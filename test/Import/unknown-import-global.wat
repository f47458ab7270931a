;; A global of another module that is not linked: both its names, and the way out.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT: error: unknown import 'env.it': link a module that exports it (--link env=FILE)

(module
 (import "env" "it" (global i32))
 (func (export "f")))

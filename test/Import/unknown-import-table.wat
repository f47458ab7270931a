;; A table of another module that is not linked: both its names, and the way out.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT: error: unknown import 'env.it': link a module that exports it (--link env=FILE)

(module
 (import "env" "it" (table 1 funcref))
 (func (export "f")))

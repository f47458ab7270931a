;; A file that ends within a form.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:1: error: unexpected token EOF, expected ).

(module
 (func (export "f")

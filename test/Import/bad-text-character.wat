;; A character outside the text format.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:8:2: error: unexpected token "@", expected a module field.

(module
 @)

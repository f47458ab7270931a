;; A name that is defined twice.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:9:3: error: redefinition of function "$f"

(module
 (func $f)
 (func $f))

;; Accesses at any address, each in a function of its own.
(module
  (import "tw" "thread_id_x" (func $tid (result i32)))
  (memory (export "memory") 1 2)
  (data (i32.const 65528) "\01\02\03\04\05\06\07\08")
  (func (export "store8") (param i32)
    (i32.store8 (local.get 0) (i32.const 0x7e)))
  (func (export "store32") (param i32)
    (i32.store (local.get 0) (i32.const 0x7e7e7e7e)))
  (func (export "store128") (param i32)
    (v128.store (local.get 0) (v128.const i32x4 0x7e7e7e7e 0x7e7e7e7e
                                                0x7e7e7e7e 0x7e7e7e7e)))
  (func (export "store_far") (param i32)
    (i64.store offset=0x3fffff0 (local.get 0) (i64.const 0x7e7e7e7e7e7e7e7e)))
  (func (export "store_too_far") (param i32)
    (i64.store offset=0x4000000 (local.get 0) (i64.const 0x7e7e7e7e7e7e7e7e)))
  (func (export "load32") (param i32) (result i32)
    (drop (i32.load (local.get 0)))
    (i32.const 1))
  (func (export "load64") (param i32) (result i64)
    (i64.load (local.get 0)))
  ;; A loop downwards: its index wraps from 0 to 2^32 - 4.
  (func (export "loop_down") (param $p i32) (param $n i32)
    (loop $again
      (i32.store (local.get $p) (i32.const 0))
      (local.set $p (i32.sub (local.get $p) (i32.const 4)))
      (br_if $again
        (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  ;; An index that wraps to what is inside, and is used there alone: not stray,
  ;; although the exact sum, beyond 2^32, is mapped too.
  (func (export "loop_wraps") (param $p i32) (param $n i32) (result i32)
    (loop $again
      (if (i32.lt_u (local.get $p) (i32.const 65536))
        (then (i32.store (local.get $p) (i32.const 126))))
      (local.set $p (i32.add (local.get $p) (i32.const 4096)))
      (br_if $again
        (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load (i32.const 4096)))
  (func (export "add") (param i32) (result i32)
    (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
  (func (export "fill") (param i32) (param i32)
    (memory.fill (local.get 0) (i32.const 1) (local.get 1)))
  (func (export "store_trap") (param i32)
    (i32.store (local.get 0) (i32.const 0x7e7e7e7e))
    unreachable)
  ;; One thread of many.
  (func (export "lanes") (param $stray i32)
    (i32.store
      (i32.add (i32.shl (call $tid) (i32.const 2))
               (i32.mul (i32.eq (call $tid) (local.get $stray))
                        (i32.const 0x7fff0000)))
      (i32.const 0x7e7e7e7e))))

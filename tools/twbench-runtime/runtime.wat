;; What twbench-runtime launches: kernels of a known length, and one that is
;; nothing but loads and stores.
(module
  (import "tw" "timer" (func $timer (result i64)))
  (import "tw" "thread_id_x" (func $thread (result i32)))
  (import "tw" "block_id_x" (func $block (result i32)))
  (import "tw" "block_dim_x" (func $block_dim (result i32)))
  (memory (export "memory") 1)

  ;; Adds 1 to the counter at 0, by one thread.
  (func (export "count")
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))

  ;; The same after `nanoseconds`.
  (func (export "delay") (param $nanoseconds i64) (local $begin i64)
    (local.set $begin (call $timer))
    (loop $again
      (br_if $again
        (i64.lt_u (i64.sub (call $timer) (local.get $begin))
                  (local.get $nanoseconds))))
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))))

  ;; to[i] = from[i] + 1, an i32 for each thread.
  (func (export "stream") (param $from i32) (param $to i32) (local $i i32)
    (local.set $i (i32.shl
      (i32.add (i32.mul (call $block) (call $block_dim)) (call $thread))
      (i32.const 2)))
    (i32.store (i32.add (local.get $to) (local.get $i))
      (i32.add (i32.load (i32.add (local.get $from) (local.get $i)))
               (i32.const 1)))))

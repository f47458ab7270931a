;; Votes and matches of a warp.
;;
;; RUN: twc %s --emit=ptx --target=sm_80 | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host -O0 | FileCheck %s --check-prefix=HOST

(module
 (import "tw" "vote_all" (func $vote_all (param i32 i32) (result i32)))
 (import "tw" "vote_any" (func $vote_any (param i32 i32) (result i32)))
 (import "tw" "vote_ballot" (func $vote_ballot (param i32 i32) (result i32)))
 (import "tw" "match_any_i32" (func $match_any_i32 (param i32 i32) (result i32)))
 (import "tw" "match_any_i64" (func $match_any_i64 (param i32 i64) (result i32)))
 (import "tw" "match_all_i32" (func $match_all_i32 (param i32 i32) (result i32)))
 (import "tw" "match_all_i64" (func $match_all_i64 (param i32 i64) (result i32)))

 ;; PTX-LABEL: .visible .entry tw_vote_all(
 ;; PTX: %laneid
 ;; PTX: vote.sync.all.pred 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_vote_all$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 13, i32 %6,
 (func (export "vote_all") (param i32 i32) (result i32)
  (call $vote_all (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_vote_any(
 ;; PTX: %laneid
 ;; PTX: vote.sync.any.pred 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_vote_any$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 14, i32 %6,
 (func (export "vote_any") (param i32 i32) (result i32)
  (call $vote_any (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_vote_ballot(
 ;; PTX: %laneid
 ;; PTX: vote.sync.ballot.b32 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_vote_ballot$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 15, i32 %6,
 (func (export "vote_ballot") (param i32 i32) (result i32)
  (call $vote_ballot (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_match_any_i32(
 ;; PTX: %laneid
 ;; PTX: match.any.sync.b32 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_match_any_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 16, i32 %6,
 (func (export "match_any_i32") (param i32 i32) (result i32)
  (call $match_any_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_match_any_i64(
 ;; PTX: %laneid
 ;; PTX: match.any.sync.b64 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_match_any_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 16, i32 %6,
 (func (export "match_any_i64") (param i32 i64) (result i32)
  (call $match_any_i64 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_match_all_i32(
 ;; PTX: %laneid
 ;; PTX: match.all.sync.b32 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_match_all_i32$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 17, i32 %6,
 (func (export "match_all_i32") (param i32 i32) (result i32)
  (call $match_all_i32 (local.get 0) (local.get 1)))

 ;; PTX-LABEL: .visible .entry tw_match_all_i64(
 ;; PTX: %laneid
 ;; PTX: match.all.sync.b64 
 ;; HOST-LABEL: define internal {{.*}} @"f{{[0-9]+}}_match_all_i64$2e{{[0-9]+}}"(
 ;; HOST: call i64 @__tw_collective(ptr %2, i32 17, i32 %6,
 (func (export "match_all_i64") (param i32 i64) (result i32)
  (call $match_all_i64 (local.get 0) (local.get 1))))

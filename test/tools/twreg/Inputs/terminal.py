# terminal.py - types passphrases as a person would.
#
# Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
# Exceptions. See LICENSE.TXT for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# On a terminal of its own twreg asks, shows nothing of what is typed, and
# takes corrections; without one it says what to set.

import os
import pty
import subprocess
import sys


def dialogue(answers, *command):
    """Exit code and all that the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 1024)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
        if shown.endswith((b".key: ", b"again: ")) and answers:
            os.write(terminal, answers.pop(0))
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def expect(code, words, answers, *command):
    got, shown = dialogue(answers, *command)
    if got != code or words not in shown or "horse" in shown:
        sys.exit(f"{command}: expected {code} and '{words}', got {got}:\n{shown}")


new = ("twreg", "keygen", "typed", "--encrypt")
expect(2, "the two passphrases differ", [b"horse\n", b"horses\n"], *new)
expect(2, "no passphrase was given", [b"hor\x03"], *new)
if os.path.exists("typed.key"):
    sys.exit("a key was written without a passphrase")
expect(0, "The same again", [b"hors\xc3\xa9\x7fe\n", b"horse\n"], *new)
sign = ("twreg", "sign", "f", "--key", "typed.key", "-o", "by-hand")
expect(4, "the passphrase is wrong", [b"mule\n"], *sign)
expect(0, "Passphrase for typed.key", [b"horse\n"], *sign)
done = subprocess.run(sign, capture_output=True, start_new_session=True, timeout=60)
if done.returncode != 2 or b"set TWREG_PASSWORD" not in done.stderr:
    sys.exit(f"without a terminal: {done}")

// Breaks the rules of layering on purpose: input of includes.test.
#include <vector>
#  include <llvm/Support/Error.h>

// Breaks the rules of layering on purpose: input of includes.test.
#include "twc/Import/Import.h"

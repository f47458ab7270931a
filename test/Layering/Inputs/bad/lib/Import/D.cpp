// Breaks the rules of layering on purpose: input of includes.test.
#include "twc/Pipelines/Pipelines.h"
#include "twrun/Runtime.h"
#include "Format/PtxBin.h"

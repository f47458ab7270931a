// Breaks the rules of layering on purpose: input of includes.test.

#ifndef DUILIAN_STORAGE_PROCESSOR_CLONES_H_
#define DUILIAN_STORAGE_PROCESSOR_CLONES_H_

// Before a function over vectors: it is compiled for several processors, and
// the program takes the best that runs on the machine it finds. The sanitizers
// cannot start with such functions, so they see the plain one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(DUILIAN_SANITIZED)
#define DUILIAN_PROCESSOR_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DUILIAN_PROCESSOR_CLONES
#endif

#endif  // DUILIAN_STORAGE_PROCESSOR_CLONES_H_

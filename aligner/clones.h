#ifndef DUILIAN_ALIGNER_CLONES_H_
#define DUILIAN_ALIGNER_CLONES_H_

// One function body, compiled for the baseline and for AVX2; the loader picks.
// Sanitizers intercept before the loader may pick, so they get the baseline.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(DUILIAN_SANITIZED)
#define DUILIAN_CLONES \
  __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define DUILIAN_CLONES
#endif

#endif  // DUILIAN_ALIGNER_CLONES_H_

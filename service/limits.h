// Every limit of the protos in one quoted. Texts are measured in Unicode code
// points unless the name says bytes.

#ifndef DUILIAN_SERVICE_LIMITS_H_
#define DUILIAN_SERVICE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace duilian::service {

inline constexpr int kMaxReceiveMessageBytes = 8 << 20;
// A page ends early rather than grow beyond this: a client that was told
// nothing accepts 4 MiB.
inline constexpr size_t kMaxPageBytes = 3u << 20;

// Names and people.
inline constexpr size_t kMaxIdCodepoints = 63;
inline constexpr size_t kMaxTitleCodepoints = 200;
inline constexpr size_t kMaxSpeakerCodepoints = 200;
inline constexpr size_t kMaxReviewerCodepoints = 100;
inline constexpr size_t kMaxRequestIdBytes = 64;

// Pairs.
inline constexpr size_t kMaxSideCodepoints = 20'000;
inline constexpr int kMaxCreatedPairs = 1'000;
// As sent: the answer has them again, with names and times of 200 bytes each.
inline constexpr size_t kMaxCreatedBytes = kMaxPageBytes;
inline constexpr int kMinMergedPairs = 2;
inline constexpr int kMaxMergedPairs = 10;

// Look-ups.
inline constexpr size_t kMaxQueryCodepoints = 2'000;
inline constexpr size_t kMaxConcordanceCodepoints = 500;
inline constexpr int kMaxBatchedLookups = 100;
inline constexpr int kMaxOtherProjects = 10;
// Of a batch's answers together.
inline constexpr size_t kMaxBatchBytes = 64u << 20;
inline constexpr int32_t kDefaultMatches = 5;
inline constexpr int32_t kMaxMatches = 100;
inline constexpr int32_t kDefaultThresholdPercent = 70;
inline constexpr int32_t kMinThresholdPercent = 50;
inline constexpr int32_t kMaxThresholdPercent = 100;

// Quotes that are found again.
inline constexpr int32_t kDefaultPassages = 5;
inline constexpr int32_t kMaxPassages = 50;
inline constexpr int kMaxLinkedParts = 20;

// Consistency.
inline constexpr size_t kMaxTermCodepoints = 100;
inline constexpr int kMaxAlsoGood = 10;
inline constexpr size_t kMaxComparedPairs = 2'000'000;
inline constexpr size_t kMaxComparedBytes = 384u << 20;
// Larger reports are made one at a time.
inline constexpr size_t kMaxSmallReportPairs = 100'000;
inline constexpr size_t kMaxSmallReportBytes = 128u << 20;
inline constexpr int32_t kDefaultNearPercent = 85;
inline constexpr int32_t kDefaultSourceWords = 3;
inline constexpr int32_t kMaxSourceWords = 50;
inline constexpr int32_t kDefaultGroups = 50;
inline constexpr int32_t kMaxGroups = 200;
inline constexpr int32_t kDefaultRenderingPlaces = 5;
inline constexpr int32_t kMaxRenderingPlaces = 50;
inline constexpr int kMaxGroupSources = 5;
inline constexpr int kMaxGroupRenderings = 10;
inline constexpr size_t kMaxRenderingTextCodepoints = 500;

struct PageLimits {
  int32_t default_size = 50;
  int32_t max_size = 1'000;
};
inline constexpr PageLimits kListPages = {};
inline constexpr PageLimits kConcordancePages = {20, 100};
inline constexpr size_t kMaxPageTokenBytes = 2'048;

// Texts sent along to be aligned.
inline constexpr size_t kMaxTextBytes = 4'000'000;
inline constexpr size_t kMaxTextSegments = 100'000;
inline constexpr int kMaxQuotes = 1'000;
inline constexpr size_t kMaxQuoteCodepoints = 5'000;
// Of an answer: it has the texts again.
inline constexpr size_t kMaxAlignmentBytes = 64u << 20;

// Reports on documents.
inline constexpr int kMaxReportedPairs = 100'000;
inline constexpr int kMaxFindings = 1'000;
inline constexpr int kMaxReportedSpeakers = 1'000;
inline constexpr size_t kMaxFindingTextCodepoints = 500;

// Documents that are imported.
inline constexpr size_t kMaxChunkBytes = 1u << 20;
inline constexpr size_t kMaxSideBytes = 64u << 20;
inline constexpr size_t kMaxLineBytes = 1u << 20;
inline constexpr size_t kMaxLines = 1'000'000;
inline constexpr size_t kMaxSegments = 200'000;
inline constexpr size_t kMaxWarnings = 100;
// Of all the streams together, while their documents arrive and are worked on.
inline constexpr size_t kMaxBufferedImportBytes = 512u << 20;

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_LIMITS_H_

// What a reviewer sees: the session's state as lines of text.

#ifndef DUILIAN_CLIENTS_REVIEW_SCREEN_H_
#define DUILIAN_CLIENTS_REVIEW_SCREEN_H_

#include <string>
#include <vector>

#include "clients/review_session.h"
#include "clients/terminal.h"

namespace duilian::clients {

// Everything from the message of the last step to the prompt; ends without a
// line feed behind the prompt. Texts are harmless for a terminal.
std::string DrawReview(const ReviewSession& session,
                       const TerminalTraits& traits);

// "accepted 3, rejected 1, edited 0, split 0, merged 0".
std::string TallyLine(const ReviewTally& tally);

// The history of a pair, one line a change and its texts where they changed.
std::string DrawHistory(const std::vector<v1::PairRevision>& history,
                        const TerminalTraits& traits);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_REVIEW_SCREEN_H_

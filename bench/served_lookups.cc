#include "bench/served_lookups.h"

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "bench/times.h"
#include "duilian/v1/quote_service.grpc.pb.h"

namespace duilian::bench {
namespace {

using text::Language;
using Memory = v1::TranslationMemoryService::Stub;

std::string Code(Language language) {
  return std::string(text::LanguageCode(language));
}

v1::LookupRequest RequestFor(const LookupMaterial& material,
                             const std::string& text, Language language,
                             int threshold) {
  v1::LookupRequest request;
  request.set_parent(kProject);
  request.set_query(text);
  request.set_query_language_code(Code(language));
  request.set_threshold_percent(threshold);
  for (size_t i = 1; i < material.projects().size(); ++i) {
    request.add_other_projects(material.projects()[i]);
  }
  return request;
}

absl::StatusOr<v1::LookupResponse> Ask(Memory& memory,
                                       const v1::LookupRequest& request) {
  grpc::ClientContext context;
  v1::LookupResponse response;
  absl::Status asked = FromGrpc(memory.Lookup(&context, request, &response));
  if (!asked.ok()) return asked;
  return response;
}

// A row for what `call` takes with each element.
template <typename Element>
absl::Status TimeEach(const std::string& what,
                      const std::vector<Element>& elements,
                      const std::function<absl::Status(const Element&)>& call) {
  std::vector<double> seconds;
  for (const Element& element : elements) {
    const SteadyClock::time_point begin = SteadyClock::now();
    if (absl::Status status = call(element); !status.ok()) return status;
    seconds.push_back(Seconds(begin));
  }
  PrintPercentiles(what, std::move(seconds));
  return absl::OkStatus();
}

std::vector<v1::LookupRequest> RequestsFor(
    const LookupMaterial& material, const std::vector<std::string>& queries,
    Language language, int threshold) {
  std::vector<v1::LookupRequest> requests;
  for (const std::string& query : queries) {
    requests.push_back(RequestFor(material, query, language, threshold));
  }
  return requests;
}

absl::Status TimeLookups(const std::string& what, Memory& memory,
                         const std::vector<v1::LookupRequest>& requests) {
  return TimeEach<v1::LookupRequest>(what, requests,
                                     [&](const v1::LookupRequest& request) {
                                       return Ask(memory, request).status();
                                     });
}

}  // namespace

absl::Status TimeOneClient(LoopbackServer& server,
                           const LookupMaterial& material,
                           const std::vector<std::string>& queries,
                           Language language, int threshold) {
  return TimeLookups(
      absl::StrFormat("gRPC, %s, %d %%", Code(language), threshold),
      server.memory(), RequestsFor(material, queries, language, threshold));
}

absl::Status TimeEcho(LoopbackServer& server, const LookupMaterial& material,
                      const std::vector<std::string>& queries,
                      Language language, int threshold) {
  const std::vector<v1::LookupRequest> requests =
      RequestsFor(material, queries, language, threshold);
  std::vector<v1::LookupResponse> replies;
  for (const v1::LookupRequest& request : requests) {
    absl::StatusOr<v1::LookupResponse> reply = Ask(server.memory(), request);
    if (!reply.ok()) return reply.status();
    replies.push_back(*std::move(reply));
  }
  auto echo = EchoServer::Start(std::move(replies));
  if (!echo.ok()) return echo.status();
  return TimeLookups(
      absl::StrFormat("echo of gRPC, %s, %d %%", Code(language), threshold),
      (*echo)->memory(), requests);
}

absl::Status TimeManyClients(LoopbackServer& server,
                             const LookupMaterial& material,
                             const std::vector<std::string>& queries,
                             Language language, int clients) {
  const std::vector<v1::LookupRequest> requests =
      RequestsFor(material, queries, language, 70);
  std::vector<std::thread> threads;
  std::vector<absl::Status> outcomes(static_cast<size_t>(clients));
  const SteadyClock::time_point begin = SteadyClock::now();
  for (size_t client = 0; client < outcomes.size(); ++client) {
    threads.emplace_back([&, client] {
      for (size_t i = client; i < requests.size(); i += outcomes.size()) {
        outcomes[client].Update(Ask(server.memory(), requests[i]).status());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) {
    if (!outcome.ok()) return outcome;
  }
  PrintFigure(absl::StrFormat("queries/s, %d clients, %s, 70 %%", clients,
                              Code(language)),
              static_cast<double>(requests.size()) / Seconds(begin));
  return absl::OkStatus();
}

absl::Status TimeBatch(LoopbackServer& server, const LookupMaterial& material,
                       const std::vector<std::string>& queries,
                       Language language) {
  constexpr size_t kSegments = 1'000;
  constexpr size_t kRequests = 100;
  const SteadyClock::time_point begin = SteadyClock::now();
  for (size_t first = 0; first < kSegments; first += kRequests) {
    v1::BatchLookupRequest request;
    request.set_parent(kProject);
    for (size_t i = first; i < first + kRequests; ++i) {
      *request.add_requests() =
          RequestFor(material, queries[i % queries.size()], language, 70);
    }
    grpc::ClientContext context;
    v1::BatchLookupResponse response;
    if (absl::Status asked =
            FromGrpc(server.memory().BatchLookup(&context, request, &response));
        !asked.ok()) {
      return asked;
    }
  }
  PrintFigure(
      absl::StrCat("BatchLookup of 1,000 segments, ", Code(language), ": ms"),
      1e3 * Seconds(begin));
  return absl::OkStatus();
}

namespace {

absl::Status TimeFirstPages(LoopbackServer& server, const std::string& what,
                            const std::vector<std::string>& queries,
                            Language language) {
  return TimeEach<std::string>(what, queries, [&](const std::string& query) {
    v1::SearchConcordanceRequest request;
    request.set_parent(kProject);
    request.set_query(query);
    request.set_query_language_code(Code(language));
    grpc::ClientContext context;
    v1::SearchConcordanceResponse response;
    return FromGrpc(
        server.memory().SearchConcordance(&context, request, &response));
  });
}

}  // namespace

absl::Status TimeConcordance(LoopbackServer& server,
                             const LookupMaterial& material, size_t queries,
                             Language language) {
  return TimeFirstPages(
      server, absl::StrCat("concordance, first page, ", Code(language)),
      material.Terms(language, queries), language);
}

absl::Status TimeParts(LoopbackServer& server, const LookupMaterial& material,
                       size_t queries) {
  absl::Status status = TimeFirstPages(
      server, "concordance of the beginning of a word, first page",
      material.PartsOfWords(WordPart::kBeginning, queries), Language::kEnglish);
  status.Update(TimeFirstPages(
      server, "concordance of the middle of a word, first page",
      material.PartsOfWords(WordPart::kMiddle, queries), Language::kEnglish));
  return status;
}

absl::Status TimeQuotes(LoopbackServer& server, const LookupMaterial& material,
                        size_t queries, Language language) {
  const std::unique_ptr<v1::QuoteService::Stub> quotes =
      v1::QuoteService::NewStub(server.channel());
  const std::vector<std::string> halves = material.Quotes(language, queries);
  size_t found = 0;
  absl::Status timed = TimeEach<std::string>(
      absl::StrCat("half a text as a quote, ", Code(language)), halves,
      [&](const std::string& half) {
        v1::FindQuoteRequest request;
        request.set_parent(kProject);
        request.set_query(half);
        request.set_query_language_code(Code(language));
        grpc::ClientContext context;
        v1::FindQuoteResponse response;
        absl::Status asked =
            FromGrpc(quotes->FindQuote(&context, request, &response));
        if (response.passages_size() > 0 &&
            response.passages(0).score_percent() == 100) {
          ++found;
        }
        return asked;
      });
  PrintFigure(
      absl::StrCat("quotes found word for word, ", Code(language), ": %"),
      100 * static_cast<double>(found) / static_cast<double>(halves.size()), 1);
  return timed;
}

}  // namespace duilian::bench

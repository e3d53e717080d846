#include "service/open_streams.h"

namespace duilian::service {

void OpenStreams::Add(DrainableStream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.insert(&stream);
  if (draining_) stream.Drain();
}

void OpenStreams::Remove(DrainableStream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(&stream);
}

void OpenStreams::DrainAll() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  for (DrainableStream* stream : streams_) stream->Drain();
}

}  // namespace duilian::service

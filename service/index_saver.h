#ifndef DUILIAN_SERVICE_INDEX_SAVER_H_
#define DUILIAN_SERVICE_INDEX_SAVER_H_

#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "service/clock.h"
#include "service/json_log.h"
#include "service/snapshot_schedule.h"
#include "storage/lookup_index.h"
#include "storage/packing.h"

namespace duilian::service {

// Saves the look-up index while the server runs, as SnapshotSchedule says, and
// at the end. It can be made anew, so that a failure is only told. Gives the
// system back what is free of the process's memory, too. Thread-safe.
class IndexSaver {
 public:
  // What is passed outlives it.
  IndexSaver(const storage::LookupIndex& index, const Clock& clock,
             JsonLog& log);
  ~IndexSaver();  // ends the thread, and saves nothing
  IndexSaver(const IndexSaver&) = delete;
  IndexSaver& operator=(const IndexSaver&) = delete;

  // Begins, with an index that was loaded; an empty path saves it nowhere.
  // Once.
  void Start(const std::string& snapshot, const SnapshotLimits& limits,
             const storage::LoadSummary& loaded);

  // Ends the thread, and saves the index if it changed since it was saved. Once
  // more is nothing.
  void Stop();

 private:
  void Run(SnapshotSchedule schedule);
  // False: the log says why not. Else saved_ tells how: as wanted, or quickly,
  // when the packing failed or was ended by Stop(), or by more units that came
  // meanwhile than are to be behind.
  bool Save(storage::Packing packing);
  void End();

  const storage::LookupIndex& index_;
  const Clock& clock_;
  JsonLog& log_;
  std::string snapshot_;
  SnapshotLimits limits_;
  SavedSnapshot saved_;  // there
  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_INDEX_SAVER_H_

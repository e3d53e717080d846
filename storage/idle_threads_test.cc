#include "storage/idle_threads.h"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace duilian::storage {
namespace {

TEST(IdleThreadsTest, WithoutThreadsTheCallerDoesItAlone) {
  IdleThreads threads(0);
  const std::thread::id caller = std::this_thread::get_id();
  int runs = 0;
  threads.Share(3, [&] {
    ++runs;
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
  EXPECT_EQ(runs, 1);
}

TEST(IdleThreadsTest, NoneIsTakenWhereNoneIsAskedFor) {
  IdleThreads threads(2);
  std::atomic<int> runs = 0;
  threads.Share(0, [&] { ++runs; });
  EXPECT_EQ(runs, 1);
}

TEST(IdleThreadsTest, AllIdleOnesShareATask) {
  IdleThreads threads(3);
  // Nobody goes on before all four are there.
  std::latch there(4);
  std::atomic<int> runs = 0;
  threads.Share(7, [&] {
    ++runs;
    there.arrive_and_wait();
  });
  EXPECT_EQ(runs, 4);
}

TEST(IdleThreadsTest, NoMoreThanAskedForShareATask) {
  IdleThreads threads(3);
  std::latch there(2);
  std::atomic<int> runs = 0;
  threads.Share(1, [&] {
    if (++runs <= 2) there.arrive_and_wait();
  });
  EXPECT_EQ(runs, 2);
}

// A caller beside another one takes the place of a thread that could be lent.
TEST(IdleThreadsTest, ASecondCallerLeavesNoThreadIdle) {
  IdleThreads threads(1);
  absl::Notification inside, over;
  std::thread first([&] {
    threads.Share(0, [&] {
      inside.Notify();
      over.WaitForNotification();
    });
  });
  inside.WaitForNotification();
  std::atomic<int> runs = 0;
  for (int i = 0; i < 100; ++i) {
    threads.Share(1, [&] {
      ++runs;
      std::this_thread::yield();
    });
  }
  EXPECT_EQ(runs, 100);
  over.Notify();
  first.join();
}

// Every share is done once, whoever does it, and nobody is left behind.
TEST(IdleThreadsTest, ManyCallersWithManyShares) {
  IdleThreads threads(3);
  std::vector<std::thread> callers;
  std::atomic<int> wrong = 0;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        std::atomic<int> next = 0, sum = 0;
        threads.Share(2, [&] {
          for (int i = next++; i < 20; i = next++) sum += i;
        });
        if (sum != 190) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace duilian::storage

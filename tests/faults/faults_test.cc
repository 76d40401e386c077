// What happens when the world does not hold still: disks fill up, folders cannot be written, files
// vanish, shrink or never end, and somebody pulls the plug. There is a sentence and an exit status,
// no signal; and a record is whole or not there.
#include <random>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <grp.h>

#include "process.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;
using testing::Ended;
using testing::Folder;
using testing::run;

constexpr int kBadInput = 3;
constexpr int kNobody = 65534;

std::string people(int rows) {
  std::string text = "sex,hired,qualified\n";
  for (int i = 0; i < rows; ++i) {
    text += i % 2 == 0 ? "F," : "M,";
    text += i % 5 < 2 ? "1," : "0,";
    text += i % 3 == 0 ? "1\n" : "0\n";
  }
  return text;
}

std::vector<std::string> judge(const std::string& file, const std::string& out) {
  return {EVENHAND_PROGRAM, "evaluate",  "run",     file,  "--decision", "hired",
          "--label",        "qualified", "--group", "sex", "--out",      out};
}

/// A sentence, exit status 3, and no record.
void expect_refused(const Ended& e, const std::string& out, const std::string& says) {
  EXPECT_EQ(e.signal, 0) << e.err;
  EXPECT_EQ(e.status, kBadInput) << e.err;
  EXPECT_NE(e.err.find(says), std::string::npos) << e.err;
  EXPECT_FALSE(fs::exists(fs::path(out) / "record.json"));
}

/// What stands in the folder is a record that verifies, or there is none.
void expect_whole_or_none(const Folder& folder, const std::string& out) {
  const std::string record = (fs::path(out) / "record.json").string();
  if (!fs::exists(record)) return;
  const Ended e = run(folder, {EVENHAND_PROGRAM, "verify", record});
  EXPECT_EQ(e.status, 0) << e.err;
}

/// No file of the folder is larger than `bytes`: writing on would end the program by a signal, if
/// it did not look after that.
std::function<void()> files_up_to(rlim_t bytes) {
  return [bytes] {
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  };
}

bool become_nobody() {
  return geteuid() != 0 ||
         (setgroups(0, nullptr) == 0 && setgid(kNobody) == 0 && setuid(kNobody) == 0);
}

TEST(Faults, AFileThatMayNotGrowGetsASentenceAndLeavesNothing) {
  const Folder folder;
  const std::string out = folder.at("out");
  const Ended e =
      run(folder, judge(folder.write("people.csv", people(1000)), out), files_up_to(4096));
  expect_refused(e, out, "cannot write");
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    EXPECT_TRUE(entry.path().extension() != ".tmp") << entry.path();
  }
}

TEST(Faults, AFullDiskGetsASentence) {
  const Folder folder;
  const std::string disk = folder.at("disk");
  fs::create_directory(disk);
  const std::string file = folder.write("people.csv", people(1000));
  // A mount of its own, which only the child sees: it fills the rest, then goes on.
  const auto on_small_disk = [&] {
    if (unshare(CLONE_NEWNS) != 0) _exit(99);
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) _exit(99);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=16k") != 0) _exit(99);
  };
  const Ended e = run(folder, judge(file, disk + "/out"), on_small_disk);
  if (e.status == 99) GTEST_SKIP() << "no disk of our own can be mounted here";
  EXPECT_EQ(e.signal, 0);
  EXPECT_EQ(e.status, kBadInput) << e.err;
  EXPECT_NE(e.err.find("the disk is full; make room or choose another folder"), std::string::npos)
      << e.err;
}

TEST(Faults, AnOldRecordOutlivesAWriteThatFails) {
  const Folder folder;
  const std::string out = folder.at("out");
  const std::string file = folder.write("people.csv", people(1000));
  ASSERT_EQ(run(folder, judge(file, out)).status, 0);
  const std::string before = testing::text_of(out + "/record.json");
  EXPECT_EQ(run(folder, judge(file, out), files_up_to(4096)).status, kBadInput);
  EXPECT_EQ(testing::text_of(out + "/record.json"), before);
}

TEST(Faults, AnOutputThatMayNotBeWrittenGetsASentence) {
  const Folder folder;
  const std::string out = folder.at("closed");
  const std::string file = folder.write("people.csv", people(100));
  fs::create_directory(out);
  fs::permissions(out, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                           fs::perms::others_exec);
  chmod(fs::path(file).parent_path().c_str(), 0755);
  const Ended e = run(folder, judge(file, out), [] {
    if (!become_nobody()) _exit(99);
  });
  if (e.status == 99 || e.status == 127) GTEST_SKIP() << "nobody cannot run the program here";
  expect_refused(e, out, "nothing can be written in");
}

TEST(Faults, AnInputThatMayNotBeReadGetsASentence) {
  const Folder folder;
  const std::string out = folder.at("out"), file = folder.write("people.csv", people(100));
  chmod(file.c_str(), 0);
  chmod(fs::path(file).parent_path().c_str(), 0777);
  const Ended e = run(folder, judge(file, out), [] {
    if (!become_nobody()) _exit(99);
  });
  if (e.status == 99 || e.status == 127) GTEST_SKIP() << "nobody cannot run the program here";
  expect_refused(e, out, "people.csv");
}

TEST(Faults, AFolderInPlaceOfAFileGetsASentence) {
  const Folder folder;
  fs::create_directory(folder.at("people.csv"));
  const std::string out = folder.at("out");
  expect_refused(run(folder, judge(folder.at("people.csv"), out)), out, "is a folder");
}

TEST(Faults, AFileInPlaceOfTheOutputFolderGetsASentence) {
  const Folder folder;
  const std::string out = folder.write("out", "mine\n");
  const Ended e = run(folder, judge(folder.write("people.csv", people(10)), out));
  EXPECT_EQ(e.status, kBadInput) << e.err;
  EXPECT_EQ(testing::text_of(out), "mine\n");
}

constexpr int kManyRows = 2'000'000;  // some 12 MB: read in many pieces

/// Whether the process has read a part of the file, by what the system tells of its descriptors.
bool is_reading(pid_t process, const std::string& file) {
  const fs::path place = fs::path("/proc") / std::to_string(process);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(place / "fd", ignored)) {
    if (fs::read_symlink(entry.path(), ignored) != fs::path(file)) continue;
    std::ifstream facts(place / "fdinfo" / entry.path().filename());
    std::string word;
    long long position = 0;
    facts >> word >> position;  // "pos: 65536"
    if (position > 0) return true;
  }
  return false;
}

/// Start on the file, hold the program when it has read a part, let something happen, and go on.
/// @return  nothing where it could not be held: too fast, or no such system.
std::optional<Ended> while_reading(const Folder& folder, const std::string& file,
                                   const std::string& out, const std::function<void()>& happens) {
  const pid_t child = testing::start(folder, judge(file, out));
  bool held = false;
  for (int i = 0; i < 20'000 && !held && kill(child, 0) == 0; ++i) {
    held = is_reading(child, file);
    if (!held) std::this_thread::sleep_for(std::chrono::microseconds(200));
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid == child) {
      break;
    }
  }
  if (held) kill(child, SIGSTOP);
  happens();
  kill(child, SIGCONT);
  const Ended e = testing::wait_for(folder, child, 120);
  if (!held) return std::nullopt;
  return e;
}

TEST(Faults, AnInputDeletedWhileReadIsReadToItsEnd) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(kManyRows)), out = folder.at("out");
  const auto e = while_reading(folder, file, out, [&] { fs::remove(file); });
  if (!e) GTEST_SKIP() << "the program could not be held while it read";
  EXPECT_EQ(e->signal, 0);
  EXPECT_EQ(e->status, 0) << e->err;  // who has it open, has it
  expect_whole_or_none(folder, out);
  EXPECT_NE(testing::text_of(out + "/record.json").find("\"rows\":2000000"), std::string::npos);
}

TEST(Faults, AnInputThatShrinksWhileReadGetsASentence) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(kManyRows)), out = folder.at("out");
  // At the end of a row: nothing but its length tells that the file is not what it was.
  const auto e =
      while_reading(folder, file, out, [&] { fs::resize_file(file, people(1000).size()); });
  if (!e) GTEST_SKIP() << "the program could not be held while it read";
  expect_refused(*e, out, "people.csv");
}

TEST(Faults, AnInputThatShrinksToNothingWhileReadGetsASentence) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(kManyRows)), out = folder.at("out");
  const auto e = while_reading(folder, file, out, [&] { fs::resize_file(file, 0); });
  if (!e) GTEST_SKIP() << "the program could not be held while it read";
  expect_refused(*e, out, "people.csv");
}

TEST(Faults, AKilledRunLeavesAWholeRecordOrNone) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(20'000)), out = folder.at("out");
  const auto all = run(folder, judge(file, out));
  ASSERT_EQ(all.status, 0) << all.err;
  int killed = 0;
  for (int i = 1; i <= 24; ++i) {  // spread over the time that a run takes
    const bool fresh = i % 2 == 0;
    if (fresh) fs::remove_all(out);
    const pid_t child = testing::start(folder, judge(file, out));
    std::this_thread::sleep_for(std::chrono::duration<double>(all.seconds * i / 24));
    kill(child, SIGKILL);
    const Ended e = testing::wait_for(folder, child, 60);
    killed += e.signal == SIGKILL ? 1 : 0;
    expect_whole_or_none(folder, out);
  }
  EXPECT_GT(killed, 0);
  const Ended after = run(folder, judge(file, out));  // what a killed run left is no hindrance
  EXPECT_EQ(after.status, 0) << after.err;
  for (const auto& entry : fs::directory_iterator(out)) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

/// Start, and send a signal once `ready` says so. @return  nothing where it ended before.
std::optional<Ended> signalled(const Folder& folder, const std::vector<std::string>& words,
                               int signal, const std::function<bool(pid_t)>& ready) {
  const pid_t child = testing::start(folder, words);
  bool sent = false;
  for (int i = 0; i < 100'000 && !sent; ++i) {
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid == child) {
      break;
    }
    if (ready(child)) {
      sent = kill(child, signal) == 0;
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  const Ended e = testing::wait_for(folder, child, 120);
  if (!sent || e.status == 0) return std::nullopt;
  return e;
}

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(folder, none)) {
    if (entry.is_regular_file()) out.push_back(entry.path().filename().string());
  }
  return out;
}

constexpr std::pair<int, int> kSignals[] = {{SIGINT, 130}, {SIGTERM, 143}};

TEST(Faults, ARunThatIsAskedToStopSaysSoAndLeavesNothingBehind) {
  const Folder folder;
  const std::string few = folder.write("few.csv", people(2000)), out = folder.at("out");
  const std::string file = folder.write("people.csv", people(kManyRows));
  const std::string model = folder.at("model");
  ASSERT_EQ(
      run(folder, {EVENHAND_PROGRAM, "train", "fit", few, "--label", "qualified", "--out", model})
          .status,
      0);
  fs::create_directories(out);
  const std::vector<std::string> predict{EVENHAND_PROGRAM, "train", "predict", file,
                                         "--model",        model,   "--out",   out + "/scored.csv"};
  for (const auto& [signal, status] : kSignals) {
    for (const auto& words : {judge(file, out), predict}) {
      const auto e =
          signalled(folder, words, signal, [&](pid_t child) { return is_reading(child, file); });
      if (!e) GTEST_SKIP() << "the program was too fast to be stopped";
      EXPECT_EQ(e->signal, 0);
      EXPECT_EQ(e->status, status) << e->err;
      EXPECT_NE(e->err.find("evenhand: interrupted: "), std::string::npos) << e->err;
      EXPECT_NE(e->err.find("Whatever was not finished was not written. To start again: evenhand " +
                            words[1] + ' ' + words[2]),
                std::string::npos)
          << e->err;
      EXPECT_EQ(files_of(out), std::vector<std::string>()) << words[1];
    }
  }
}

TEST(Faults, ATrainingThatIsAskedToStopSaysWhereItGoesOn) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(2000));
  const auto checkpoint_in = [](const std::vector<std::string>& files) {
    return std::any_of(files.begin(), files.end(),
                       [](const std::string& name) { return name.ends_with(".checkpoint"); });
  };
  for (const auto& [signal, status] : kSignals) {
    const std::string out = folder.at("model_" + std::to_string(signal));
    const auto e =
        signalled(folder,
                  {EVENHAND_PROGRAM, "train", "fit", file, "--label", "qualified", "--group", "sex",
                   "--method", "gap", "--epochs", "100000", "--out", out},
                  signal, [&](pid_t) { return checkpoint_in(files_of(out)); });
    ASSERT_TRUE(e);
    EXPECT_EQ(e->status, status) << e->err;
    EXPECT_NE(e->err.find("training was interrupted after "), std::string::npos) << e->err;
    EXPECT_NE(e->err.find(".checkpoint holds them to resume from"), std::string::npos) << e->err;
    EXPECT_NE(e->err.find("To go on: evenhand train fit "), std::string::npos) << e->err;
    EXPECT_EQ(files_of(out).size(), 1U);  // the checkpoint: no temporary file, no half model
  }
}

/// Five gigabytes that take no room on the disk: zeros after `head`.
std::string sparse(const Folder& folder, const std::string& head) {
  const std::string file = folder.write("sparse.csv", head);
  std::error_code failed;
  fs::resize_file(file, std::uintmax_t{5} << 30, failed);
  return failed ? "" : file;
}

TEST(Faults, FiveGigabytesOfZerosGetASentenceInBoundedTimeAndMemory) {
  const std::string heads[] = {"", "sex,hired,qualified\n", people(1000), people(1000) + "F,1,\"0"};
  for (const std::string& head : heads) {
    const Folder folder;
    const std::string file = sparse(folder, head), out = folder.at("out");
    if (file.empty()) GTEST_SKIP() << "no sparse files here";
    const Ended e = run(folder, judge(file, out), {}, 60);
    EXPECT_EQ(e.signal, 0) << "after " << head.size() << " bytes";
    expect_refused(e, out, "sparse.csv");
    EXPECT_LT(e.memory_kib, 1'000'000) << "after " << head.size() << " bytes";
  }
}

TEST(Faults, OtherFormatsThatAreCutOffGetASentence) {
  const Folder folder;
  std::string bytes = testing::text_of(EVENHAND_SOURCE_DIR "/examples/income/adult.parquet");
  ASSERT_GT(bytes.size(), 1000U);
  const std::string file = folder.write("people.parquet", bytes.substr(0, bytes.size() / 2));
  const std::string out = folder.at("out");
  expect_refused(run(folder, judge(file, out)), out, "people.parquet");
  const std::string unpacked = folder.write("people.csv", people(10'000));
  ASSERT_EQ(std::system(("gzip -kf '" + unpacked + "'").c_str()), 0);
  bytes = testing::text_of(folder.at("people.csv.gz"));
  expect_refused(
      run(folder, judge(folder.write("cut.csv.gz", bytes.substr(0, bytes.size() / 2)), out)), out,
      "cut.csv.gz");
}

TEST(Faults, AStandardOutputThatIsFullOrClosedGetsASentence) {
  const Folder folder;
  const std::string file = folder.write("people.csv", people(1000)), out = folder.at("out");
  const Ended full =
      run(folder, judge(file, out), [] { dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO); });
  const Ended closed = run(folder, judge(file, out), [] { close(STDOUT_FILENO); });
  for (const Ended& e : {full, closed}) {
    EXPECT_EQ(e.signal, 0);
    EXPECT_EQ(e.status, kBadInput);
    EXPECT_NE(e.err.find("standard output cannot be written"), std::string::npos) << e.err;
  }
  expect_whole_or_none(folder, out);
}

}  // namespace
}  // namespace evenhand

// A folder in which the commands of pages and help can be typed as they stand there: `evenhand` and
// `build/evenhand` are the program, and people.csv, census.csv, scored.parquet, evenhand.toml,
// model/ and evenhand-out/ are there with the columns that the pages speak of.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace evenhand {

struct Ended {
  int status = -1;
  std::string said;  // both streams
  /// Met, broken and cannot tell are answers; anything else is not what a page promises.
  bool answers() const { return status == 0 || status == 1 || status == 4; }
};

class Workplace {
 public:
  Workplace() {
    static int made = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("evenhand-workplace-" + std::to_string(::getpid()) + '-' + std::to_string(++made));
    std::filesystem::create_directories(folder_ / "build");
    std::filesystem::create_symlink(EVENHAND_PROGRAM, folder_ / "build" / "evenhand");
    write_tables();
    std::filesystem::copy(EVENHAND_SOURCE_DIR "/examples", folder_ / "examples",
                          std::filesystem::copy_options::recursive);
    must_run("evenhand train fit rows.csv --label y --exclude sex --out model_of_rows");
    must_run(
        "evenhand train predict rows.csv --model model_of_rows --score p --out scored.parquet");
    must_run("evenhand train fit people.csv --label 'income=>50K' --exclude sex --out model");
    must_run("evenhand people.csv");
  }
  ~Workplace() { std::filesystem::remove_all(folder_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::filesystem::path at(const std::string& name) const { return folder_ / name; }

  /// Type a command. A project file that is there already would stop one that writes it.
  Ended type(const std::string& command) const {
    for (const char* writes : {"evenhand init ", "evenhand people.csv"}) {
      if (command.find(writes) != std::string::npos) std::filesystem::remove(at("evenhand.toml"));
    }
    const std::string line = "cd '" + folder_.string() +
                             "' && export PATH=\"$PWD/build:$PATH\" && { " + command +
                             "\n} > said 2>&1";
    const int status = std::system(line.c_str());
    std::ifstream said(at("said"));
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            {std::istreambuf_iterator<char>(said), {}}};
  }

 private:
  void must_run(const std::string& command) const {
    const Ended ended = type(command);
    EXPECT_EQ(ended.status, 0) << command << '\n' << ended.said;
  }

  /// 600 made-up people.
  void write_tables() const {
    std::ofstream people(at("people.csv")), rows(at("rows.csv"));
    std::ofstream(at("census.csv")) << "attribute,group,persons\nsex,Female,127470455\n"
                                       "sex,Male,121239418\nrace,White,199686070\n"
                                       "race,Black,29986060\n";
    people << "sex,race,age,income,hired,approved,repaid\n";
    rows << "sex,race,x,y\n";
    const auto yes = [](bool is) { return is ? ",yes" : ",no"; };
    for (int i = 0; i < 600; ++i) {
      const std::string who = std::string(i % 2 == 0 ? "Female," : "Male,") +
                              (i % 3 == 0 ? "Black," : "White,") + std::to_string(20 + i * 7 % 50);
      people << who << (i * 11 % 10 < 4 ? ",>50K" : ",<=50K") << yes(i * 13 % 10 < 5)
             << yes(i * 7 % 10 < 6) << yes(i * 3 % 10 < 7) << '\n';
      rows << who << ',' << (i * 11 % 10 < 4 ? 1 : 0) << '\n';
    }
  }

  std::filesystem::path folder_;
};

}  // namespace evenhand

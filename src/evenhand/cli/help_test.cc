#include "evenhand/cli/help.h"

#include <gtest/gtest.h>

#include "evenhand/cli/completion.h"

namespace evenhand::cli {
namespace {

/// What --help must say of a field, in one line however it was broken into lines.
std::string unwrapped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space || out.empty() || out.back() != ' ') out += space ? ' ' : c;
  }
  return out;
}

TEST(Help, ForMachinesSaysEveryFieldAsHelpDoes) {
  for (const api::Operation& operation : api::all()) {
    const std::string text = unwrapped(help(operation, 100));
    const Json said = help_json(operation);
    EXPECT_EQ(said["name"], operation.name);
    EXPECT_NE(text.find("usage: " + said["usage"].get<std::string>()), std::string::npos);
    ASSERT_EQ(said["fields"].size(), operation.fields.size());
    for (const Json& field : said["fields"]) {
      const std::string where = operation.name + ' ' + field["name"].get<std::string>();
      EXPECT_NE(text.find(field["help"].get<std::string>()), std::string::npos) << where;
      if (field["in_shell"].is_null()) continue;
      EXPECT_NE(text.find(field["in_shell"].get<std::string>()), std::string::npos) << where;
      for (const char* fact : {"default", "unit", "range"}) {
        if (field[fact].is_null()) continue;
        const std::string both = std::string(fact) + ": " + field[fact].get<std::string>();
        EXPECT_NE(text.find(both), std::string::npos) << where << ", " << both;
      }
    }
  }
  EXPECT_EQ(help_json()["operations"].size(), api::all().size());
}

TEST(Help, SaysEveryFieldOfEveryOperationWithDefaultUnitRangeAndExample) {
  for (const api::Operation& operation : api::all()) {
    const std::string text = unwrapped(help(operation, 100));
    for (const Field& field : operation.fields) {
      const std::string where = operation.name + ' ' + field.name;
      EXPECT_NE(text.find(field.says.help), std::string::npos) << where;
      EXPECT_FALSE(field.says.help.empty()) << where;
      EXPECT_FALSE(field.says.help.ends_with('.')) << where;
      if (!field.says.in_shell) continue;
      if (!field.says.positional) {
        EXPECT_NE(text.find(in_shell(field)), std::string::npos) << where;
      }
      if (field.kind != Kind::kFlag) {
        EXPECT_FALSE(field.says.value.empty()) << where;
        EXPECT_FALSE(field.says.example.empty()) << where;
        EXPECT_NE(text.find(field.says.example), std::string::npos) << where;
      }
      if (!field.says.unit.empty()) {
        EXPECT_NE(text.find("unit: " + field.says.unit), std::string::npos) << where;
      }
      if (!field.says.range.whole_line()) {
        EXPECT_NE(text.find("range: " + to_string(field.says.range)), std::string::npos) << where;
      }
    }
  }
}

TEST(Help, ExamplesOfFieldsAreAccepted) {
  for (const api::Operation& operation : api::all()) {
    for (const Field& field : operation.fields) {
      if (!field.says.in_shell || field.kind == Kind::kFlag) continue;
      std::string example = field.says.example;
      if (example.size() > 1 && (example.front() == '\'' || example.front() == '"')) {
        example = example.substr(1, example.size() - 2);  // the shell's quotes
      }
      const auto value = from_text(field, example);
      ASSERT_TRUE(value) << operation.name << ' ' << field.name << ": " << value.error().says;
      const auto checked = field.check(*value);
      EXPECT_TRUE(checked) << operation.name << ' ' << field.name << ": " << checked.error().says;
    }
  }
}

TEST(Help, ShowsDefaultUnitRangeAndExampleOfLevel) {
  const std::string text = help(*api::find("evaluate run"), 100);
  EXPECT_NE(
      text.find(
          "  --level NUMBER\n      coverage of every interval\n      default: 0.95; unit: share; "
          "range: [0.01, 0.999999]; example: --level 0.99\n"),
      std::string::npos)
      << text;
}

TEST(Help, OverviewNamesEveryOperationAndExitStatus) {
  const std::string text = help(100);
  for (const api::Operation& each : api::all()) {
    EXPECT_NE(text.find("\n  " + each.name), std::string::npos) << each.name;
  }
  for (const char* status :
       {"\n  0 ", "\n  1 ", "\n  2 ", "\n  3 ", "\n  4 ", "\n  5 ", "\n  70 ", "\n  130 "}) {
    EXPECT_NE(text.find(status), std::string::npos) << status;
  }
}

TEST(Help, LinesFitTheTerminal) {
  for (const api::Operation& operation : api::all()) {
    const std::string text = help(operation, 80);
    const std::size_t examples = text.find("\nexamples\n");  // commands are not broken
    std::size_t begin = 0;
    while (begin < std::min(text.size(), examples)) {
      const std::size_t end = text.find('\n', begin);
      const std::string line = text.substr(begin, end - begin);
      if (!line.starts_with("usage:")) {
        EXPECT_LE(line.size(), 80U) << line;
      }
      begin = end + 1;
    }
  }
}

TEST(Completion, KnowsEveryOption) {
  const std::string bash = bash_completion();
  const std::string zsh = zsh_completion();
  for (const api::Operation& operation : api::all()) {
    EXPECT_NE(bash.find('\'' + operation.name + "')"), std::string::npos) << operation.name;
    EXPECT_NE(zsh.find('\'' + operation.name + "')"), std::string::npos) << operation.name;
    for (const Field& field : operation.fields) {
      if (!field.says.in_shell || field.says.positional) continue;
      EXPECT_NE(bash.find(in_shell(field)), std::string::npos) << field.name;
      EXPECT_NE(zsh.find(in_shell(field) + '['), std::string::npos) << field.name;
    }
  }
}

}  // namespace
}  // namespace evenhand::cli

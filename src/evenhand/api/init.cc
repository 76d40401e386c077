#include "evenhand/api/init.h"

#include <algorithm>
#include <filesystem>

#include "evenhand/api/giveaway.h"
#include "evenhand/api/look.h"
#include "evenhand/api/signs.h"
#include "evenhand/record/write.h"

namespace evenhand::api {

namespace {

namespace fs = std::filesystem;

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

/// The files as seen from the project file's folder.
std::vector<std::string> seen_from(const fs::path& folder, std::vector<std::string> files) {
  std::error_code ignored;
  for (std::string& file : files) {
    if (folder.empty() || fs::path(file).is_absolute()) continue;
    const fs::path relative = fs::relative(file, folder, ignored);
    if (!relative.empty()) file = relative.string();
  }
  return files;
}

Error first_line_is_a_row(const std::string& path, std::size_t like, std::size_t columns) {
  return wrong("the first line of " + path + " looks like a row, not like a header: " +
               std::to_string(like) + " of its " + std::to_string(columns) +
               " names are like the values below them; say --no-header, and columns are called "
               "column_1, column_2 and so on (a header that is right: rename those columns)");
}

/// Look, and look again with a decimal comma where the columns ask for one.
Result<Looked> look_at(const std::string& path, Init& asked, const Call& call) {
  Looked out;
  EVENHAND_ASSIGN(table::ReadOptions read, read_options(asked));
  EVENHAND_ASSIGN(out.shapes, look(path, read, call.progress));
  if (out.shapes.empty() || out.shapes.front().rows == 0) {
    return Error{Code::kBadInput, path + " has a header and no rows, so nothing can be guessed"};
  }
  const std::vector<std::string> like = names_like_values(out.shapes);
  if (!asked.no_header && !like.empty()) {
    return first_line_is_a_row(path, like.size(), out.shapes.size());
  }
  if (asked.decimal == "." && asked.separator != ",") {
    out.decimal_comma = decimal_comma_columns(out.shapes);
  }
  if (!out.decimal_comma.empty()) {
    asked.decimal = ",";
    EVENHAND_ASSIGN(read, read_options(asked));
    EVENHAND_ASSIGN(out.shapes, look(path, read, call.progress));
  }
  out.all_rows = out.shapes.front().rows < kRowsLookedAt;
  return out;
}

}  // namespace

std::vector<FieldOf<Init>> init_fields(const std::string& help_of_files,
                                       const std::string& help_of_project) {
  std::vector<FieldOf<Init>> fields = table_fields<Init>();
  for (FieldOf<Init>& each : fields) each.field.says.key = "-";
  fields.front().field.says.help = help_of_files;
  fields.push_back(
      field<Init>("project", &Init::project,
                  {.help = help_of_project, .value = "FILE", .example = "audit.toml", .key = "-"}));
  return fields;
}

Result<Started> init_project(const Init& asked, const Call& call) {
  std::error_code ignored;
  if (fs::exists(asked.project, ignored)) {
    return wrong(asked.project + " is there already and is not overwritten; `evenhand run " +
                 asked.project + "` runs it; for another one: --project other.toml");
  }
  if (std::find(asked.files.begin(), asked.files.end(), "-") != asked.files.end()) {
    return wrong(
        "standard input can be read only once, so it is not looked at; name the roles: `evenhand "
        "evaluate run - --decision hired=yes --group sex`");
  }
  Init as_found = asked;
  EVENHAND_ASSIGN(const std::vector<std::string> paths, expand_all(asked.files));
  EVENHAND_ASSIGN(Looked looked, look_at(paths.front(), as_found, call));
  looked.files = seen_from(fs::path(asked.project).parent_path(), asked.files);
  Guesses guesses = guess(looked.shapes);
  if (guesses.needs_model()) {
    EVENHAND_ASSIGN(const table::ReadOptions read, read_options(as_found));
    EVENHAND_TRY(leave_out_giveaways(paths.front(), read, looked.shapes, guesses, call.progress));
  }
  Started out = project_text(looked, as_found, guesses);
  out.path = asked.project;
  EVENHAND_TRY(record::write_file(asked.project, out.text));
  return out;
}

std::string unsure_lines(const Started& started) {
  std::string out;
  for (const std::string& each : started.unsure) out += "  " + each + '\n';
  return out;
}

namespace {

std::string sentence(const Started& started) {
  std::string out = "wrote " + started.path + '\n';
  if (!started.unsure.empty()) {
    out += "UNSURE, please check:\n" + unsure_lines(started);
  }
  if (!started.judges) {
    out +=
        "No column was found for what it leaves commented out: fill that in before running it.\n";
  }
  return out + "next: evenhand run " + started.path + '\n';
}

Result<Outcome> run(const Init& asked, const Call& call) {
  EVENHAND_ASSIGN(const Started started, init_project(asked, call));
  Json json;
  json["project"] = started.path;
  json["unsure"] = started.unsure;
  json["complete"] = started.judges;
  json["text"] = started.text;
  return Outcome{kMet, sentence(started), json};
}

}  // namespace

Operation init() {
  return operation<Init>(
      {.name = "init",
       .says = "Look at a table and write a project file with guesses and reasons",
       .section = {},
       .examples = {"evenhand init people.csv"},
       .fields = {},
       .run = {}},
      init_fields("the table to look at; of several files that are one table, the first",
                  "the project file to write; one that is there is kept"),
      run);
}

}  // namespace evenhand::api

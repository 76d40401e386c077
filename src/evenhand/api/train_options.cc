#include "evenhand/api/train_options.h"

#include <algorithm>
#include <string_view>

#include "evenhand/api/grammar.h"

namespace evenhand::api {

namespace {

template <class V>
void set(const std::optional<V>& given, V& target) {
  if (given) target = *given;
}

void set_learning(const TrainOptions& asked, train::LearnOptions& out) {
  out.learner = asked.learner;
  set(asked.l2, out.l2);
  if (!asked.widths.empty()) out.widths = asked.widths;
  out.epochs = asked.epochs;
  set(asked.batch, out.batch);
  out.learning_rate = asked.learning_rate;
  set(asked.over, out.over);
  set(asked.surrogate, out.surrogate);
  set(asked.temperature, out.temperature);
  out.guard = !asked.no_guard;
  out.seed = asked.seed;
  out.threads = asked.threads;
}

}  // namespace

Result<void> check_reads(const TrainOptions& asked, const std::vector<std::string>& methods,
                         Weighed weighed) {
  std::vector<std::string_view> read;
  std::string names;
  for (const std::string& name : methods) {
    EVENHAND_ASSIGN(const train::Method* const method, train::method(name));
    const auto reads = [&](std::string_view option) {
      return std::count(method->reads.begin(), method->reads.end(), option) > 0;
    };
    if (weighed.with_lambda && weighed.with_eps && reads("lambda") && reads("eps")) {
      return Error{Code::kInvalidArgument,
                   "\"lambda\" and \"eps\" were both given, and with eps the method \"" + name +
                       "\" finds its lambda by itself: leave one out"};
    }
    read.insert(read.end(), method->reads.begin(), method->reads.end());
    if (std::count(methods.begin(), methods.end(), name) > 1) {
      return Error{Code::kInvalidArgument, "the method \"" + name + "\" was named twice"};
    }
    names += (names.empty() ? "\"" : "\", \"") + name;
  }
  EVENHAND_ASSIGN(const train::Learner* const learner, train::learner(asked.learner));
  read.insert(read.end(), learner->reads.begin(), learner->reads.end());
  const std::pair<const char*, bool> given[] = {
      {"l2", asked.l2.has_value()},
      {"widths", !asked.widths.empty()},
      {"epochs", asked.epochs.has_value()},
      {"batch", asked.batch.has_value()},
      {"learning_rate", asked.learning_rate.has_value()},
      {"lambda", weighed.with_lambda},
      {"eps", weighed.with_eps},
      {"over", asked.over.has_value()},
      {"surrogate", asked.surrogate.has_value()},
      {"temperature", asked.temperature.has_value()},
      {"guard", asked.no_guard},
  };
  for (const auto& [name, is_given] : given) {
    if (!is_given || std::find(read.begin(), read.end(), name) != read.end()) continue;
    return Error{Code::kInvalidArgument,
                 std::string("\"") + name + "\" was given, and neither the learner \"" +
                     asked.learner + "\" nor the method " + names +
                     "\" reads it: leave it out, or choose another of them (`evenhand list "
                     "methods`)"};
  }
  return {};
}

Result<train::FitOptions> fit_options(const TrainOptions& asked) {
  Columns columns;
  if (!asked.label.exact || asked.group || needs_columns(asked)) {
    EVENHAND_ASSIGN(columns, column_names(asked));
  }
  EVENHAND_ASSIGN(const evaluate::Role label, role(asked.label, columns, "--label"));
  train::FitOptions out;
  set_learning(asked, out);
  out.files = asked.files;
  EVENHAND_ASSIGN(out.read, read_options(asked));
  out.label = label.column;
  out.favourable = label.favourable;
  out.features = asked.features;
  out.exclude = asked.exclude;
  out.categories = asked.categories;
  if (asked.group) {
    EVENHAND_ASSIGN(out.group, crossing(*asked.group, columns));
  }
  EVENHAND_ASSIGN(out.groupings, groupings(asked, columns));
  out.weight = asked.weight;
  out.cluster = asked.cluster;
  return out;
}

Json as_json(const train::Fitted& fitted) {
  Json out;
  out["model"] = fitted.folder;
  out["record"] = fitted.record;
  out["learner"] = fitted.learner;
  out["method"] = fitted.method;
  out["rows"] = fitted.rows;
  out["rows_used"] = fitted.rows_used;
  out["rows_without_label"] = fitted.rows_without_label;
  out["rows_skipped"] = fitted.rows_skipped;
  out["rows_favourable"] = fitted.rows_favourable;
  out["features"] = fitted.features;
  out["left_out"] = fitted.left_out;
  out["groups"] = fitted.groups;
  out["columns"] = fitted.columns;
  out["fit"] = fitted.fit;
  out["facts"] = fitted.facts;
  out["notes"] = fitted.notes;
  out["eps_reached"] = fitted.eps_reached;
  return out;
}

}  // namespace evenhand::api

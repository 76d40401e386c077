#include "evenhand/model/mixture.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "evenhand/base/check.h"

namespace evenhand::model {

namespace {

constexpr double kSumMax = 1e-9;  // by which shares may miss 1
constexpr const char* kShares = "shares";

Error bad(std::string says) { return {Code::kBadInput, "a mixture " + std::move(says)}; }

std::string prefix(std::size_t member) { return "member_" + std::to_string(member) + "/"; }

class Mixture final : public Model {
 public:
  explicit Mixture(std::vector<Member> members) : members_(std::move(members)) {}

  std::string_view kind() const override { return "mixture"; }
  std::size_t columns() const override { return members_[0].model->columns(); }

  void score(const Design& design, std::span<double> scores) const override {
    EVENHAND_CHECK(scores.size() == design.rows);
    std::vector<double> of_member(design.rows);
    std::fill(scores.begin(), scores.end(), 0.0);
    for (const Member& each : members_) {
      each.model->score(design, of_member);
      for (std::size_t i = 0; i < scores.size(); ++i) {
        // A member that has no score has no decision, and so the mixture has no chance.
        scores[i] += std::isnan(of_member[i]) ? of_member[i] : of_member[i] >= 0.5 ? each.share : 0;
      }
    }
    for (double& s : scores) s = s > 1 ? 1 : s;  // shares sum to 1 up to rounding
  }

  Json describe() const override {
    Json members = Json::array();
    for (const Member& each : members_) {
      members.push_back({{"kind", each.model->kind()}, {"fit", each.model->describe()}});
    }
    return {{"members", members}};
  }

  std::vector<Tensor> tensors() const override {
    std::vector<Tensor> out{{kShares, {members_.size()}, {}}};
    for (std::size_t m = 0; m < members_.size(); ++m) {
      out[0].values.push_back(members_[m].share);
      for (Tensor& tensor : members_[m].model->tensors()) {
        tensor.name = prefix(m) + tensor.name;
        out.push_back(std::move(tensor));
      }
    }
    return out;
  }

 private:
  std::vector<Member> members_;  // at least one
};

Result<Member> load_member(const Json& described, std::size_t number, double share,
                           std::vector<Tensor>& tensors) {
  const std::string which = "whose member " + std::to_string(number);
  if (!described.is_object() || !described.contains("kind") || !described["kind"].is_string()) {
    return bad(which + " has no \"kind\"");
  }
  const auto kind = described["kind"].get<std::string>();
  const Backend* backend = find_backend(kind);
  if (backend == nullptr) return bad(which + " is of kind \"" + kind + "\", not known here");
  if (kind == "mixture") return bad(which + " is a mixture itself");
  std::vector<Tensor> own, others;
  for (Tensor& tensor : tensors) {
    const bool is_own = tensor.name.starts_with(prefix(number));
    if (is_own) tensor.name.erase(0, prefix(number).size());
    (is_own ? own : others).push_back(std::move(tensor));
  }
  tensors = std::move(others);
  auto model = backend->load(described.contains("fit") ? described["fit"] : Json(), std::move(own));
  if (!model) {
    return std::move(model).error().within("reading member " + std::to_string(number) +
                                           " of a mixture");
  }
  return Member{share, std::move(model).value()};
}

Result<std::unique_ptr<Model>> load(const Json& described, std::vector<Tensor> tensors) {
  if (!described.is_object() || !described.contains("members") ||
      !described["members"].is_array()) {
    return bad("without its list of \"members\"");
  }
  const auto shares = std::find_if(tensors.begin(), tensors.end(),
                                   [](const Tensor& each) { return each.name == kShares; });
  const Json& members = described["members"];
  if (shares == tensors.end() || shares->shape != std::vector<std::size_t>{members.size()}) {
    return bad("of " + std::to_string(members.size()) +
               " members without a tensor \"shares\" of that length");
  }
  const std::vector<double> values = std::move(shares->values);
  tensors.erase(shares);
  std::vector<Member> out;
  for (std::size_t m = 0; m < members.size(); ++m) {
    EVENHAND_ASSIGN(Member member, load_member(members[m], m, values[m], tensors));
    out.push_back(std::move(member));
  }
  if (!tensors.empty()) return bad("with a tensor \"" + tensors[0].name + "\" of no member");
  return mix(std::move(out));
}

}  // namespace

extern const Backend mixture;  // declared where the list is walked: all.cc
const Backend mixture{"mixture", "classifiers of which one, drawn with fixed shares, decides",
                      load};

Result<std::unique_ptr<Model>> mix(std::vector<Member> members) {
  if (members.empty()) return bad("without members");
  double sum = 0;
  for (const Member& each : members) {
    EVENHAND_CHECK(each.model != nullptr);
    if (!(each.share > 0) || !std::isfinite(each.share)) {
      return bad("with a share that is not above 0");
    }
    if (each.model->kind() == "mixture") return bad("with a member that is a mixture itself");
    if (each.model->columns() != members[0].model->columns()) {
      return bad("whose members have " + std::to_string(members[0].model->columns()) + " and " +
                 std::to_string(each.model->columns()) + " columns");
    }
    sum += each.share;
  }
  if (!(std::abs(sum - 1) <= kSumMax)) return bad("whose shares do not sum to 1");
  return Result<std::unique_ptr<Model>>(std::make_unique<Mixture>(std::move(members)));
}

}  // namespace evenhand::model

// The words in columns' names by which roles are guessed, and how names are read. Each list begins
// with the surest word.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evenhand::api {

using WordList = std::span<const std::string_view>;

/// The words of a column's name in lower case: "is_recid2", "CreditScore" -> {is, recid2}, {credit,
/// score}.
std::vector<std::string> words_of(const std::string& name);
/// Where in the list the name's best word stands; its size: nowhere.
std::size_t place_in(WordList list, const std::string& name);
/// That word; empty: none.
std::string word_in(WordList list, const std::string& name);

bool holds(WordList list, std::string_view word);
std::string lower(std::string text);

inline constexpr std::string_view kGroupWords[] = {
    "sex",      "gender",      "race",       "ethnicity",   "ethnic",  "ethnicgroup", "hispanic",
    "male",     "female",      "minority",   "afam",        "cauc",    "black",       "rac1p",
    "religion", "age",         "agegroup",   "nationality", "nation",  "country",     "birthplace",
    "citizen",  "citizenship", "disability", "disabled",    "marital", "veteran",     "orientation",
    "pregnant", "language",    "skin",       "caste",       "agep"};
inline constexpr std::string_view kScoreWords[] = {"score", "scores",     "prob",    "probability",
                                                   "proba", "risk",       "p",       "yhat",
                                                   "phat",  "propensity", "predprob"};
inline constexpr std::string_view kDecisionWords[] = {
    "decision", "decided",  "prediction",  "predicted", "pred",     "ypred",   "approved",
    "approve",  "accepted", "admitted",    "selected",  "hired",    "hire",    "offer",
    "offered",  "granted",  "shortlisted", "call",      "callback", "invited", "deny",
    "denied",   "rejected", "promoted",    "funded",    "issued",   "flagged", "detained"};
inline constexpr std::string_view kLabelWords[] = {
    "label",      "target",  "outcome",    "ytrue",     "y",         "truth",
    "actual",     "class",   "income",     "default",   "defaulted", "repaid",
    "paid",       "recid",   "recidivism", "pass",      "passed",    "bar",
    "graduated",  "success", "survived",   "qualified", "churn",     "fraud",
    "readmitted", "died",    "pincp",      "loan",      "credit",    "performance"};
// Names under which "yes" is what nobody wants.
inline constexpr std::string_view kBadNames[] = {
    "default",  "defaulted", "fraud",      "recid",      "recidivism", "denied", "deny",
    "rejected", "churn",     "bad",        "died",       "death",      "arrest", "arrested",
    "flagged",  "detained",  "readmitted", "delinquent", "late",       "fail",   "failed"};
inline constexpr std::string_view kGoodValues[] = {
    "1",        "1.0",    "yes",  "true",   "y",          "t",         "approved", "accepted",
    "granted",  "hired",  "pass", "passed", "good",       "selected",  "admit",    "admitted",
    "positive", "repaid", "paid", "offer",  "favourable", "favorable", "success",  "invited"};
inline constexpr std::string_view kBadValues[] = {
    "0",        "0.0",      "no",        "false",        "n",           "f",
    "denied",   "rejected", "fail",      "failed",       "bad",         "refused",
    "negative", "default",  "defaulted", "unfavourable", "unfavorable", "failure"};
inline constexpr std::string_view kBareValues[] = {"0",    "1",     "0.0", "1.0", "yes", "no",
                                                   "true", "false", "y",   "n",   "t",   "f"};
inline constexpr std::string_view kPersonWords[] = {
    "person",  "applicant", "user",     "customer",   "patient",
    "student", "candidate", "borrower", "respondent", "defendant"};
inline constexpr std::string_view kWeightWords[] = {"weight", "weights", "wgt",  "wt",
                                                    "fnlwgt", "pwgtp",   "perwt"};
// Of label words: those that are never the name of something known beforehand.
inline constexpr std::string_view kAfterwardsWords[] = {
    "label", "target",     "outcome", "ytrue", "truth",     "actual",
    "recid", "recidivism", "repaid",  "churn", "readmitted"};
// Of label words: those that do not say whether 1 is good.
inline constexpr std::string_view kSilentWords[] = {"label", "target", "outcome", "ytrue",
                                                    "y",     "truth",  "actual",  "class"};
// Of a time after the decision.
inline constexpr std::string_view kAfterWords[] = {"event", "end",      "after",
                                                   "until", "followup", "censored"};
// Of a length of time: a label that names one was looked for as long with everybody.
inline constexpr std::string_view kSpanWords[] = {"year",   "years", "yr",   "month",
                                                  "months", "days",  "weeks"};
// Of a score or decision in another shape than ours.
inline constexpr std::string_view kMaybeWords[] = {
    "score", "scores", "decile", "risk",        "rating",   "prediction", "predicted",
    "pred",  "prob",   "proba",  "probability", "decision", "decided"};
inline constexpr std::string_view kIdWords[] = {"id",       "ids",      "uuid",      "guid",
                                                "rownames", "rowname",  "rownumber", "rownum",
                                                "ssn",      "serialno", "identifier"};
// Of a row, where nothing else stands in the name ("price_index" is a feature).
inline constexpr std::string_view kRowNames[] = {"index", "idx", "key", "row", "number", "no"};

}  // namespace evenhand::api

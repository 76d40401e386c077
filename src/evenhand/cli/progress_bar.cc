#include "evenhand/cli/progress_bar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace evenhand::cli {

namespace {

std::string format(const char* form, double x) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), form, x);
  return text.data();
}

std::string rate_text(const Progress& progress, double per_second) {
  if (progress.counts == Counts::kSteps) return "";  // steps a second tell nobody anything
  return per_second >= 1e6 ? format("%.1f MB/s", per_second / 1e6)
                           : format("%.1f kB/s", per_second / 1e3);
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

}  // namespace

std::string bar_line(const Progress& progress, std::int64_t ms, int width) {
  const double per_second =
      ms > 0 ? static_cast<double>(progress.done) * 1000 / static_cast<double>(ms) : 0;
  std::string out(progress.stage);
  if (progress.all > 0) {
    constexpr int kCells = 24;
    const double share =
        std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.all));
    const int full = static_cast<int>(share * kCells);
    out += " [" + std::string(static_cast<std::size_t>(full), '#') +
           std::string(static_cast<std::size_t>(kCells - full), '.') + "] " +
           format("%.0f %%", std::floor(share * 100));
  }
  if (per_second > 0) {
    const std::string rate = rate_text(progress, per_second);
    if (!rate.empty()) out += "  " + rate;
    if (progress.all > progress.done) {
      out += "  " + time_text(static_cast<double>(progress.all - progress.done) / per_second) +
             " left";
    }
  }
  const auto most = static_cast<std::size_t>(std::max(20, width - 1));
  if (out.size() > most) out.resize(most);
  return out;
}

bool ProgressBar::tell(const Progress& progress) {
  if (terminal_.interrupted && terminal_.interrupted() != 0) return false;
  if (!terminal_.err_is_terminal || !terminal_.steady_ms) return true;
  const std::int64_t now = terminal_.steady_ms();
  if (!began_) {
    began_ = true;
    began_ms_ = now;
  }
  if (stage_ != progress.stage) {
    stage_ = progress.stage;
    stage_ms_ = now;
  }
  if (now - began_ms_ < kSilent_ms || (drawn_ && now - drawn_ms_ < kBetween_ms)) return true;
  terminal_.err << '\r' << bar_line(progress, now - stage_ms_, terminal_.width) << "\x1b[K"
                << std::flush;
  drawn_ = true;
  drawn_ms_ = now;
  return true;
}

void ProgressBar::wipe() {
  if (drawn_) terminal_.err << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace evenhand::cli

// One Drawing gathers elements; each picture places them. y grows downwards.
#include "evenhand/report/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace evenhand::report {
namespace {

std::string xy(double v) {  // a tenth of a unit is finer than a screen
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", v);
  std::string out = text.data();
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

class Drawing {
 public:
  Drawing(const Alt& alt, double width, double height) {
    out_ = "<svg role=\"img\" viewBox=\"0 0 " + xy(width) + ' ' + xy(height) +
           "\" aria-labelledby=\"" + alt.id + "t " + alt.id + "d\"><title id=\"" + alt.id + "t\">" +
           html_escaped(alt.title) + "</title><desc id=\"" + alt.id + "d\">" +
           html_escaped(alt.description) + "</desc>";
  }

  void line(double x1, double y1, double x2, double y2, const char* kind) {
    out_ += std::string("<line class=\"") + kind + "\" x1=\"" + xy(x1) + "\" y1=\"" + xy(y1) +
            "\" x2=\"" + xy(x2) + "\" y2=\"" + xy(y2) + "\"/>";
  }

  void box(double x, double y, double width, double height, const char* kind) {
    out_ += std::string("<rect class=\"") + kind + "\" x=\"" + xy(x) + "\" y=\"" + xy(y) +
            "\" width=\"" + xy(std::max(width, 0.0)) + "\" height=\"" + xy(height) + "\"/>";
  }

  void dot(double x, double y, double r, const char* kind) {
    out_ += std::string("<circle class=\"") + kind + "\" cx=\"" + xy(x) + "\" cy=\"" + xy(y) +
            "\" r=\"" + xy(r) + "\"/>";
  }

  void path(const std::string& d, const char* kind) {
    out_ += std::string("<path class=\"") + kind + "\" d=\"" + d + "\"/>";
  }

  /// @param kind  "s" start, "m" middle, "e" end; more classes may follow.
  void text(double x, double y, const std::string& words, const char* kind) {
    out_ += std::string("<text class=\"") + kind + "\" x=\"" + xy(x) + "\" y=\"" + xy(y) + "\">" +
            html_escaped(words) + "</text>";
  }

  /// Label with a paler note after it.
  void label(double x, double y, const std::string& words, const std::string& note) {
    out_ += "<text class=\"s\" x=\"" + xy(x) + "\" y=\"" + xy(y) + "\">" + html_escaped(words) +
            "<tspan class=\"n\"> " + html_escaped(note) + "</tspan></text>";
  }

  void open(int colour) {
    out_ += colour < 0 ? "<g>" : "<g class=\"h" + std::to_string(colour % kHues) + "\">";
  }
  void close() { out_ += "</g>"; }
  std::string done() { return out_ + "</svg>"; }

 private:
  std::string out_;
};

/// 1, 2 or 5 times a power of ten, so that an axis has four to ten steps.
double step_of(double span) {
  const double power = std::pow(10, std::floor(std::log10(span / 4)));
  for (const double times : {5.0, 2.0}) {
    if (span / (times * power) >= 4) return times * power;
  }
  return power;
}

/// A place on the axis, kept inside it: a limit beyond is drawn at its end.
struct Track {
  Axis axis;
  double left, right;
  double at(double v) const {
    return left + std::clamp((v - axis.low) / (axis.high - axis.low), 0.0, 1.0) * (right - left);
  }
  double low(const std::optional<double>& v) const { return v ? at(*v) : left; }
  double high(const std::optional<double>& v) const { return v ? at(*v) : right; }
};

constexpr double kWide = 440, kEdge = 14, kRow = 44, kTop = 6, kFoot = 26;

/// Values of an axis that are written at it.
struct Tick {
  double at;
  std::string words;
};
std::vector<Tick> ticks(const Axis& axis) {
  const double step = step_of(axis.high - axis.low);
  const double shown = axis.scale == Scale::kNumber ? step : 100 * step;
  const int places = std::clamp(-static_cast<int>(std::floor(std::log10(shown) + 1e-9)), 0, 6);
  const double first = std::ceil(axis.low / step - 1e-9);
  std::vector<Tick> out;
  for (int i = 0; i < 20; ++i) {
    const double v = (first + i) * step;
    if (v > axis.high + step * 1e-6) break;
    out.push_back({v, number_without_unit(v, axis.scale, places)});
  }
  return out;
}

void draw_axis(Drawing& draw, const Track& track, double bottom) {
  for (const Tick& tick : ticks(track.axis)) {
    const double x = track.at(tick.at);
    draw.line(x, kTop, x, bottom, "g");
    draw.text(x, bottom + 15, tick.words, "m n");
  }
  if (track.axis.ideal && *track.axis.ideal >= track.axis.low &&
      *track.axis.ideal <= track.axis.high) {
    draw.line(track.at(*track.axis.ideal), kTop, track.at(*track.axis.ideal), bottom, "i");
  }
}

void draw_bound(Drawing& draw, const Track& track, const Dot& row, double y) {
  if (row.at_least) draw.box(track.left, y - 9, track.at(*row.at_least) - track.left, 18, "b");
  if (row.at_most)
    draw.box(track.at(*row.at_most), y - 9, track.right - track.at(*row.at_most), 18, "b");
  for (const auto& limit : {row.at_least, row.at_most}) {
    if (limit) draw.line(track.at(*limit), y - 11, track.at(*limit), y + 11, "k");
  }
}

void draw_row(Drawing& draw, const Track& track, const Dot& row, double top) {
  const double y = top + 30;
  draw.label(track.left - 6, top + 15, row.label, row.note);
  draw.text(track.right + 6, top + 15, row.text,
            row.mark == Mark::kDot || row.mark == Mark::kHollow ? "e v" : "e n");
  draw_bound(draw, track, row, y);
  if (row.target) {
    draw.path("M" + xy(track.at(*row.target)) + ' ' + xy(y - 9) + "l6 9l-6 9l-6 -9Z", "t");
  }
  if (!row.numbers.value) {
    draw.box(track.left, y - 6, track.right - track.left, 12,
             row.mark == Mark::kHidden ? "x hid" : "x und");
    return;
  }
  const Numbers& n = row.numbers;
  draw.open(row.colour);
  if (n.family_low || n.family_high) {
    const double a = track.low(n.family_low), b = track.high(n.family_high);
    draw.path("M" + xy(a) + ' ' + xy(y) + 'H' + xy(b) + 'M' + xy(a) + ' ' + xy(y - 5) + "v10M" +
                  xy(b) + ' ' + xy(y - 5) + "v10",
              "f");
  }
  if (n.low || n.high) draw.line(track.low(n.low), y, track.high(n.high), y, "w");
  draw.dot(track.at(*n.value), y, 4.6, row.mark == Mark::kHollow ? "d o" : "d");
  draw.close();
}

}  // namespace

Axis axis_for(const std::vector<Dot>& dots, Scale scale, std::optional<double> ideal) {
  Axis axis{0, 0, scale, ideal};
  const auto hold = [&](const std::optional<double>& v) {
    if (!v || !std::isfinite(*v)) return;
    axis.low = std::min(axis.low, *v);
    axis.high = std::max(axis.high, *v);
  };
  for (const Dot& d : dots) {
    for (const auto& v : {d.numbers.value, d.numbers.low, d.numbers.high, d.numbers.family_low,
                          d.numbers.family_high, d.at_least, d.at_most, d.target}) {
      hold(v);
    }
  }
  hold(ideal);
  if (!(axis.high > axis.low)) axis.high = axis.low + 1;
  const double step = step_of(axis.high - axis.low);
  axis.low = std::floor(axis.low / step + 1e-9) * step;
  axis.high = std::ceil(axis.high / step - 1e-9) * step;
  return axis;
}

std::string dots(const Alt& alt, const std::vector<Dot>& rows, const Axis& axis) {
  const double bottom = kTop + kRow * static_cast<double>(rows.size()) + 4;
  Drawing draw(alt, kWide, bottom + kFoot);
  const Track track{axis, kEdge, kWide - kEdge};
  draw_axis(draw, track, bottom);
  double top = kTop;
  for (const Dot& row : rows) {
    draw_row(draw, track, row, top);
    top += kRow;
  }
  return draw.done();
}

namespace {

constexpr double kPlotLeft = 34, kPlotWide = 186, kPlotTop = 8;

/// Axis from 0 to 1 below a small plot, in per cent.
void draw_shares(Drawing& draw, double bottom) {
  for (const double v : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double x = kPlotLeft + v * kPlotWide;
    draw.line(x, kPlotTop, x, bottom, "g");
    draw.text(x, bottom + 15, number_without_unit(v, Scale::kPercent, 0), "m n");
  }
}

}  // namespace

std::string calibration(const Alt& alt, const std::vector<CurveDot>& points, int colour) {
  const double bottom = kPlotTop + kPlotWide;
  Drawing draw(alt, kPlotLeft + kPlotWide + kEdge, bottom + kFoot);
  const auto x = [](double v) { return kPlotLeft + v * kPlotWide; };
  const auto y = [&](double v) { return bottom - v * kPlotWide; };
  draw_shares(draw, bottom);
  for (const double v : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    draw.line(x(0), y(v), x(1), y(v), "g");
    draw.text(x(0) - 5, y(v) + 4, number_without_unit(v, Scale::kPercent, 0), "e n");
  }
  draw.line(x(0), y(0), x(1), y(1), "i");
  draw.open(colour);
  std::string d;
  for (const CurveDot& p : points) d += (d.empty() ? 'M' : 'L') + xy(x(p.x)) + ' ' + xy(y(p.y));
  draw.path(d, "c");
  for (const CurveDot& p : points) {
    draw.line(x(p.x), y(p.low), x(p.x), y(p.high), "f");
    draw.dot(x(p.x), y(p.y), 3.5, "d");
  }
  draw.close();
  return draw.done();
}

namespace {

struct Box {
  double left, top, right, bottom;
  bool meets(const Box& o) const {
    return left < o.right && o.left < right && top < o.bottom && o.top < bottom;
  }
  bool within(const Box& o) const {
    return left >= o.left && right <= o.right && top >= o.top && bottom <= o.bottom;
  }
};

/// The first place around a dot that is inside and free of what stands there, from near to far; off
/// its whiskers first, and off a line that rises. The nearest one where there is none.
Box free_place(double x, double y, double wide, const Box& inside, const std::vector<Box>& taken) {
  constexpr double kHigh = 14;
  constexpr std::array<std::array<double, 2>, 8> kWays{
      {{1, -1}, {-1, -1}, {1, 1}, {-1, 1}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}}};
  std::optional<Box> first;
  for (const double far : {5.0, 16.0, 28.0, 42.0, 58.0}) {
    for (const auto& [right, down] : kWays) {
      const double cx = x + right * (far + wide / 2), cy = y + down * (far + kHigh / 2);
      const Box box{cx - wide / 2, cy - kHigh / 2, cx + wide / 2, cy + kHigh / 2};
      if (!first) first = box;
      const auto meets = [&](const Box& other) { return box.meets(other); };
      if (box.within(inside) && std::none_of(taken.begin(), taken.end(), meets)) return box;
    }
  }
  return *first;
}

/// Each label in ink, with a thin line to its dot where it could not stand beside it.
void draw_labels(Drawing& draw, const std::vector<Spot>& spots, const Track& across,
                 const Track& up) {
  constexpr double kDot = 5, kLetter = 7.2;
  const Box inside{across.left, up.right, across.right, up.left};
  std::vector<Box> taken;
  for (const Spot& spot : spots) {
    const double x = across.at(*spot.across.value), y = up.at(*spot.up.value);
    taken.push_back({x - kDot, y - kDot, x + kDot, y + kDot});
  }
  for (const Spot& spot : spots) {
    const double x = across.at(*spot.across.value), y = up.at(*spot.up.value);
    const double wide = kLetter * static_cast<double>(width(spot.label)) + 2;
    const Box box = free_place(x, y, wide, inside, taken);
    const double cx = (box.left + box.right) / 2, cy = (box.top + box.bottom) / 2;
    if (std::hypot(std::clamp(x, box.left, box.right) - x, std::clamp(y, box.top, box.bottom) - y) >
        10) {
      draw.line(x, y, std::clamp(x, box.left, box.right), std::clamp(y, box.top, box.bottom), "a");
    }
    draw.text(cx, cy + 4.5, spot.label, "m v");
    taken.push_back(box);
  }
}

/// Holds the values with their limits; from 0 or from near the lowest.
Axis plane_axis(const std::vector<Spot>& spots, Numbers Spot::*numbers, bool from_zero) {
  double low = from_zero ? 0 : 1, high = 0;
  for (const Spot& spot : spots) {
    const Numbers& n = spot.*numbers;
    for (const auto& v : {n.value, n.low, n.high}) {
      if (!v || !std::isfinite(*v)) continue;
      low = std::min(low, *v);
      high = std::max(high, *v);
    }
  }
  if (!(high > low)) high = low + 0.01;
  const double step = step_of(high - low);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step,
          Scale::kPercent, std::nullopt};
}

}  // namespace

std::string plane(const Alt& alt, const std::vector<Spot>& spots, const std::string& across,
                  const std::string& up) {
  constexpr double kLeft = 38, kAbove = 22, kHigh = 260;
  const double bottom = kAbove + kHigh;
  Drawing draw(alt, kWide, bottom + 38);
  const Track x{plane_axis(spots, &Spot::across, true), kLeft, kWide - kEdge};
  const Track y{plane_axis(spots, &Spot::up, false), bottom, kAbove};
  for (const Tick& tick : ticks(x.axis)) {
    draw.line(x.at(tick.at), kAbove, x.at(tick.at), bottom, "g");
    draw.text(x.at(tick.at), bottom + 15, tick.words, "m n");
  }
  for (const Tick& tick : ticks(y.axis)) {
    draw.line(kLeft, y.at(tick.at), x.right, y.at(tick.at), "g");
    draw.text(kLeft - 5, y.at(tick.at) + 4, tick.words, "e n");
  }
  draw.line(x.at(0), kAbove, x.at(0), bottom, "i");
  draw.text(x.right, bottom + 32, across, "e n");
  draw.text(0, 12, up, "s n");
  draw.open(0);
  std::string d;
  for (const Spot& spot : spots) {
    if (!spot.joined) continue;
    d += (d.empty() ? 'M' : 'L') + xy(x.at(*spot.across.value)) + ' ' + xy(y.at(*spot.up.value));
  }
  draw.path(d, "c");
  draw.close();
  for (const Spot& spot : spots) {
    draw.open(spot.joined ? 0 : -1);
    const double at_x = x.at(*spot.across.value), at_y = y.at(*spot.up.value);
    draw.line(x.low(spot.across.low), at_y, x.high(spot.across.high), at_y, "f");
    draw.line(at_x, y.low(spot.up.low), at_x, y.high(spot.up.high), "f");
    draw.dot(at_x, at_y, spot.joined ? 4.6 : 6.4, spot.joined ? "d" : "d o");  // seen beneath
    draw.close();
  }
  draw_labels(draw, spots, x, y);
  return draw.done();
}

std::string distribution(const Alt& alt, const std::vector<Block>& steps, double highest,
                         int colour) {
  constexpr double kHigh = 90;
  const double bottom = kPlotTop + kHigh;
  Drawing draw(alt, kPlotLeft + kPlotWide + kEdge, bottom + kFoot);
  draw_shares(draw, bottom);
  draw.line(kPlotLeft, bottom, kPlotLeft + kPlotWide, bottom, "a");
  draw.open(colour);
  std::string d = "M" + xy(kPlotLeft) + ' ' + xy(bottom);
  for (const Block& s : steps) {
    const double y = bottom - std::clamp(s.height / highest, 0.0, 1.0) * kHigh;
    d += 'V' + xy(y) + 'H' + xy(kPlotLeft + s.to * kPlotWide);
  }
  d += 'V' + xy(bottom) + 'Z';
  draw.path(d, "s");
  draw.close();
  return draw.done();
}

}  // namespace evenhand::report

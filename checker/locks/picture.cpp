// A lock analysis as a picture: for Graphviz, and drawn.
#include "locks/report.hpp"
#include "text/markup.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace interlock::checker {

namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>; // classes: held, acquired

struct DrawnEdge {
  bool blocking = false;
  bool wrong = false; // part of a finding
  std::set<std::string> sites;
};

std::map<Pair, DrawnEdge> drawn_edges(const LockAnalysis& analysis) {
  const LockGraph& graph = analysis.graph;
  const auto pair_of = [&](const LockEdge& edge) {
    return Pair(graph.locks[edge.held].class_index, graph.locks[edge.acquired].class_index);
  };
  std::map<Pair, DrawnEdge> drawn;
  for (const LockEdge& edge : graph.edges) {
    DrawnEdge& into = drawn[pair_of(edge)];
    into.blocking = into.blocking || edge.blocking;
    into.sites.insert(edge.sites.begin(), edge.sites.end());
  }
  for (const LockFinding& finding : analysis.findings)
    for (const std::size_t edge : finding.edges)
      drawn[pair_of(graph.edges[edge])].wrong = true;
  return drawn;
}

std::string joined(const std::set<std::string>& sites) {
  std::string text;
  for (const std::string& site : sites)
    text += (text.empty() ? "" : ", ") + site;
  return text;
}

std::string class_text(const LockAnalysis& analysis, std::size_t index) {
  return analysis.graph.classes[index] + " (" + std::to_string(analysis.ranks.ranks[index]) + ")";
}

std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text)
    result += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return result + "\"";
}

// Boxes below each other, by rank; an order that goes down is an arc on the right, one that goes up
// on the left.
class Drawing {
public:
  explicit Drawing(const LockAnalysis& analysis)
      : analysis_(analysis), row_(analysis.graph.classes.size()) {
    std::vector<std::size_t> order(row_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return analysis.ranks.ranks[a] < analysis.ranks.ranks[b];
    });
    for (std::size_t row = 0; row < order.size(); ++row) {
      row_[order[row]] = static_cast<int>(row);
      const auto size = static_cast<int>(class_text(analysis, order[row]).size());
      width_ = std::max(width_, letter * size + 24);
    }
    margin_ = bend(static_cast<int>(order.size())) + 20;
  }

  std::string text() const {
    const int all_width = 2 * margin_ + width_;
    const int all_height = 40 + step * static_cast<int>(row_.size());
    std::string svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(all_width) + "\" height=\"" +
        number(all_height) + "\" viewBox=\"0 0 " + number(all_width) + " " + number(all_height) +
        "\" font-family=\"monospace\" font-size=\"13\">\n" + arrow("arrow", "#333") +
        arrow("wrong", "#c00") + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    for (const auto& [classes, edge] : drawn_edges(analysis_))
      svg += arc(classes, edge);
    for (std::size_t i = 0; i < row_.size(); ++i)
      svg += box(i);
    return svg + "</svg>\n";
  }

private:
  static constexpr int letter = 8; // pixels
  static constexpr int step = 64;
  static constexpr int height = 28;

  static std::string number(int value) { return std::to_string(value); }
  static int bend(int rows) { return 30 + 14 * rows; }
  int top(std::size_t index) const { return 20 + step * row_[index]; }

  static std::string arrow(const std::string& id, const std::string& color) {
    return "<marker id=\"" + id +
           "\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" "
           "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"" +
           color + "\"/></marker>\n";
  }

  std::string box(std::size_t index) const {
    return "<rect x=\"" + number(margin_) + "\" y=\"" + number(top(index)) + "\" width=\"" +
           number(width_) + "\" height=\"" + number(height) +
           "\" rx=\"4\" fill=\"#eef\" stroke=\"#333\"/><text x=\"" + number(margin_ + width_ / 2) +
           "\" y=\"" + number(top(index) + 19) + "\" text-anchor=\"middle\">" +
           text::in_markup(class_text(analysis_, index)) + "</text>\n";
  }

  std::string arc(const Pair& classes, const DrawnEdge& edge) const {
    const auto [held, acquired] = classes;
    const int from = top(held) + height / 2;
    const int to = top(acquired) + height / 2 + (held == acquired ? 10 : 0);
    const int rows = row_[acquired] - row_[held];
    const bool down = rows >= 0;
    const int side = down ? margin_ + width_ : margin_;
    const int far = side + (down ? 1 : -1) * bend(std::abs(rows));
    const bool wrong = edge.wrong && edge.blocking;
    const std::string tip =
        class_text(analysis_, held) + " \xE2\x86\x92 " + class_text(analysis_, acquired);
    return "<path fill=\"none\" stroke=\"" + std::string(wrong ? "#c00" : "#333") + "\"" +
           (edge.blocking ? "" : " stroke-dasharray=\"5 4\"") + " marker-end=\"url(#" +
           (wrong ? "wrong" : "arrow") + ")\" d=\"M" + number(side) + " " + number(from) + "C" +
           number(far) + " " + number(from) + " " + number(far) + " " + number(to) + " " +
           number(side) + " " + number(to) + "\"><title>" +
           text::in_markup(tip + ": " + joined(edge.sites)) + "</title></path>\n";
  }

  const LockAnalysis& analysis_;
  std::vector<int> row_; // of each class
  int width_ = 0;
  int margin_ = 0;
};

} // namespace

std::string lock_dot(const LockAnalysis& analysis) {
  std::string text = "digraph locks {\n  node [shape=box];\n";
  for (std::size_t i = 0; i < analysis.graph.classes.size(); ++i)
    text += "  n" + std::to_string(i) + " [label=" + in_quotes(class_text(analysis, i)) + "];\n";
  for (const auto& [classes, edge] : drawn_edges(analysis))
    text += "  n" + std::to_string(classes.first) + " -> n" + std::to_string(classes.second) +
            " [label=" + in_quotes(joined(edge.sites)) + (edge.blocking ? "" : ", style=dashed") +
            (edge.blocking && edge.wrong ? ", color=red, fontcolor=red" : "") + "];\n";
  return text + "}\n";
}

std::string lock_svg(const LockAnalysis& analysis) { return Drawing(analysis).text(); }

} // namespace interlock::checker

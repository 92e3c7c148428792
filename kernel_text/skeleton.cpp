// Skeletons in words.
#include "kernel_text/skeleton.hpp"
#include "text/lists.hpp"

namespace interlock::kernel_text {

namespace {

void write(std::string& text, const Skeleton& skeleton, std::size_t depth) {
  for (const Node& node : skeleton) {
    text += std::string(2 * depth, ' ') + word_of(node.act);
    if (!node.names.empty())
      text += " " + text::joined({node.names.begin(), node.names.end()});
    text += node.shared ? " (shared)\n" : "\n";
    write(text, node.inside, depth + 1);
  }
}

void collect(const Skeleton& skeleton, std::vector<const Node*>& nodes) {
  for (const Node& node : skeleton) {
    nodes.push_back(&node);
    collect(node.inside, nodes);
  }
}

} // namespace

std::vector<const Node*> in_order(const Skeleton& skeleton) {
  std::vector<const Node*> nodes;
  collect(skeleton, nodes);
  return nodes;
}

const char* word_of(Act act) {
  switch (act) {
  case Act::takes:
    return "takes";
  case Act::tries:
    return "tries";
  case Act::gives:
    return "gives";
  case Act::joins:
    return "joins";
  case Act::sleeps:
    return "sleeps";
  case Act::wakes:
    return "wakes";
  case Act::edits:
    return "edits";
  case Act::walks:
    return "walks";
  case Act::looks:
    return "looks";
  case Act::asserts:
    return "asserts";
  case Act::allocates:
    return "allocates";
  case Act::frees:
    return "frees";
  case Act::calls:
    return "calls";
  case Act::sets:
    return "sets";
  case Act::copies:
    return "copies";
  case Act::reads:
    return "reads";
  case Act::returns:
    return "return";
  case Act::jumps:
    return "jumps";
  case Act::branch:
    return "if";
  case Act::otherwise:
    return "else";
  case Act::loop:
    return "loop";
  case Act::choice:
    return "either";
  }
  return "";
}

bool is_operation(Act act) {
  switch (act) {
  case Act::looks:
  case Act::reads:
  case Act::returns:
  case Act::jumps:
  case Act::branch:
  case Act::otherwise:
  case Act::loop:
  case Act::choice:
    return false;
  default:
    return true;
  }
}

std::string to_string(const Skeleton& skeleton) {
  std::string text;
  write(text, skeleton, 0);
  return text;
}

} // namespace interlock::kernel_text

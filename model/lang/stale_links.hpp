// The link that an element of a C list keeps when it is taken off.
//
// Where `not-on-list` is a violation, a walk that stands on such an element ends there, and nobody
// has to know its link.  Where that is not checked, and a use after free is, the walk goes on as in
// C: SLIST_REMOVE(), LIST_REMOVE() and TAILQ_REMOVE() leave the element's own link as it is
// (queue(3)).
#pragma once

#include "lang/spec_builder.hpp"

#include <map>

namespace interlock::lang {

class StaleLinks {
public:
  // Declares a field for each list that a thread walks, if walks go on so; else nothing.
  explicit StaleLinks(SpecBuilder& spec);

  // The steps that take an element off a list, put one on it or free one say what becomes of its
  // link.
  void keep(Block& block) const;
  // What a walk that stands at `element` reads.
  Expr next(VariableId list, const Expr& object, const Expr& element) const;

private:
  void keep(Step& step) const;
  void declare_walked(SpecBuilder& spec, const Block& block);

  const SpecBuilder& spec_;
  std::map<VariableId, VariableId> links_; // by list
};

} // namespace interlock::lang

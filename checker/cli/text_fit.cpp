// Texts by their digests, and by what the comparison with the model leaves over.
#include "cli/text_fit.hpp"

#include "kernel_text/comparison.hpp"
#include "kernel_text/digest.hpp"
#include "systems/known_text.hpp"

#include <algorithm>

namespace interlock::checker::cli {

using kernel_text::Finding;

TextFit fit_of(const kernel_text::File& file, const kernel_text::Function& function,
               const RevisionModel& model) {
  const auto& known = systems::known_text(model.modelled.system, model.name).functions;
  const auto recorded = known.find(function.name);
  if (recorded == known.end())
    return TextFit::unknown;
  if (recorded->second.digest == digest_of(file, function))
    return TextFit::same;
  kernel_text::LedgerUse use;
  const auto comparison = kernel_text::compare(function, model.functions.at(function.name),
                                               of_file(model.modelled, file), use);
  // A text that does less is what the model is without some steps.
  const bool explained =
      comparison.count(Finding::unexplained_source) + comparison.count(Finding::inverted) +
          comparison.count(Finding::lock_kind) + comparison.count(Finding::condition) ==
      0;
  return explained ? TextFit::explained : TextFit::other;
}

FileFit fit_of(const kernel_text::File& file, const RevisionModel& model,
               const std::vector<kernel_text::Change>& changes) {
  FileFit fit;
  for (const kernel_text::Function& function : file.functions) {
    if (!model.functions.contains(function.name))
      continue;
    const TextFit own = fit_of(file, function, model);
    fit.same += own == TextFit::same ? 1U : 0U;
    fit.others += own == TextFit::explained || own == TextFit::other ? 1U : 0U;
    const bool changed =
        std::any_of(changes.begin(), changes.end(), [&](const kernel_text::Change& change) {
          return change.function == function.name && change.of_operation;
        });
    if (own != TextFit::other || !changed)
      continue;
    kernel_text::Change misfit;
    misfit.file = file.name;
    misfit.function = function.name;
    misfit.old_line = function.line;
    misfit.text = "the old text";
    misfit.why = "it is not the one that revision " + model.name +
                 " was modelled after, and does what the model does not explain: see interlock "
                 "source check";
    misfit.of_operation = true;
    fit.misfits.push_back(std::move(misfit));
  }
  return fit;
}

} // namespace interlock::checker::cli

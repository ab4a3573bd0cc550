// SPDX-License-Identifier: Apache-2.0
// Group "facts": is what it says true? Most of it is read off the undisturbed run.
#include <set>

#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/first_run.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::FactKind;

/// After `look` found nothing wrong: nothing can be said of a run that broke off.
void must_be_whole(const Trial &trial, const FirstRun &run) {
  if (!run.is_whole) trial.skip(faults::no_first_run);
}

void legal(Trial &trial) {
  const FirstRun run = seen(trial);
  if (const auto wrong =
          objection(run.facts, run.handed, trial.subject.id(), trial.subject.version()))
    trial.fail(faults::illegal_fact, Fault::Fact("fact", std::string(word(wrong->heard.fact.fact))),
               Fault::Fact("placement", wrong->heard.fact.placement),
               Fault::Fact("zh", wrong->sentence.zh), Fault::Fact("en", wrong->sentence.en));
  must_be_whole(trial, run);
}

wire::Evidence best_of(const std::string &name) {
  if (name == "measured") return wire::Evidence::measured;
  return name == "reported" ? wire::Evidence::reported : wire::Evidence::inferred;
}

void evidence(Trial &trial) {
  const FirstRun run = seen(trial);
  const std::string &best = trial.manifest().evidence;
  for (const Heard &heard : run.facts)
    if (!is_own_word(heard.fact.fact) && heard.fact.evidence < best_of(best))
      trial.fail(faults::evidence_too_good,
                 Fault::Fact("evidence", std::string(word(heard.fact.evidence))),
                 Fault::Fact("best", best), Fault::Fact("fact", name_of(heard.fact)));
  must_be_whole(trial, run);
}

void order(Trial &trial) {
  const FirstRun run = seen(trial);
  std::map<std::string, FactKind> last;             // by placement and place and play
  std::map<std::string, std::set<unsigned>> plays;  // by placement and place
  for (const Heard &heard : run.facts) {
    const wire::Fact &fact = heard.fact;
    const std::string where = fact.placement + "/" + fact.place;
    const auto [found, is_first] = last.emplace(where + "/" + std::to_string(fact.play), fact.fact);
    const bool is_back =
        !is_first && fact.fact < found->second && is_final(found->second) && !is_final(fact.fact);
    if (is_back || fact.play == 0)
      trial.fail(faults::facts_disordered, Fault::Fact("fact", name_of(fact)),
                 Fault::Fact("after", std::string(word(found->second))));
    found->second = fact.fact;
    if (fact.fact == FactKind::aired) plays[where].insert(fact.play);
  }
  for (const auto &[where, numbers] : plays)
    if (*numbers.rbegin() != numbers.size())
      trial.fail(faults::plays_wrong, Fault::Fact("where", where),
                 Fault::Fact("last", std::to_string(*numbers.rbegin())),
                 Fault::Fact("many", std::to_string(numbers.size())));
  must_be_whole(trial, run);
}

void once(Trial &trial) {
  const FirstRun run = seen(trial);
  std::map<std::string, wire::Fact> said;
  for (const Heard &heard : run.facts) {
    const auto [found, is_first] = said.emplace(name_of(heard.fact), heard.fact);
    if (!is_first && !(found->second == heard.fact))
      trial.fail(faults::restated, Fault::Fact("fact", found->first),
                 Fault::Fact("first", wire::write_fact(found->second)),
                 Fault::Fact("second", wire::write_fact(heard.fact)));
  }
  must_be_whole(trial, run);
}

void proof(Trial &trial) {
  const FirstRun run = seen(trial);
  for (const Heard &heard : run.facts) {
    if (heard.fact.proof.find("\"unreadable\"") != std::string::npos)
      trial.fail(faults::proof_wrong, Fault::Fact("fact", name_of(heard.fact)));
    if (heard.fact.fact == FactKind::aired && heard.fact.evidence == wire::Evidence::measured &&
        (heard.fact.proof.empty() || heard.fact.proof == "{}"))
      trial.warn(faults::proof_missing, Fault::Fact("fact", name_of(heard.fact)));
  }
  must_be_whole(trial, run);
}

void unasked(Trial &trial) {
  Channel channel = trial.open();
  channel.listen(1'500, [&] { return !channel.said().all().empty(); });
  if (!channel.said().all().empty())
    trial.fail(faults::unasked, Fault::Fact("fact", name_of(channel.said().all().front().fact)));
  channel.bye();
}

}  // namespace

void add_facts_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"facts.legal",
       2,
       {"每一个事实都经得起宿主自己的判断：只说交给过它的排期，时间在计划之内、不在将来，前后不矛盾"
        "。",
        "Every fact stands before the host's own judge: it is of a placement that was handed "
        "over, within its time and not in the future, and contradicts no other."},
       0.5,
       0,
       legal});
  tests.push_back(
      {"facts.evidence",
       2,
       {"对播出与否，证据等级不高于 plugin.json 所声明的。",
        "For what aired or did not, no evidence is claimed that is better than plugin.json says."},
       0.5,
       0,
       evidence});
  tests.push_back(
      {"facts.order",
       2,
       {"事实按 accepted、started、结局的次序到来，play 从 1 数起不跳号。",
        "Facts come in the order accepted, started, ending, and plays count from 1 without "
        "gaps."},
       0.5,
       0,
       order});
  tests.push_back({"facts.once",
                   2,
                   {"同一个事实说两次，说法相同。", "A fact that is said twice says the same."},
                   0.5,
                   0,
                   once});
  tests.push_back(
      {"facts.proof",
       2,
       {"证明是 JSON 对象；measured 的播出附有测得的数据。",
        "A proof is a JSON object, and an airing that was measured brings what was measured."},
       0.5,
       0,
       proof});
  tests.push_back(
      {"facts.unasked",
       1,
       {"什么都没交给它时，插件不报告任何事实。", "Handed nothing, the plugin says nothing."},
       2,
       1,
       unasked});
}

}  // namespace civicast::kit
